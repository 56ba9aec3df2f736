import { parseExact } from '../../contract/exact-json.ts';
import { UsageError } from '../errors/failures.ts';
import { listAt, textAt } from '../render/read-value.ts';
import type { Session } from '../session/session.ts';
import type { Scope } from '../waiting/watch-changes.ts';

/** Events of Kubernetes are read release by release: more than these are not asked for at once. */
const MAX_RELEASES = 50;
const AT_ONCE = 4;

/**
 * Kubernetes' events of the objects of a release, or of all releases of a namespace.
 * @throws UsageError if these are too many
 */
export async function readKubeEvents(session: Session, { namespace, release }: Scope): Promise<readonly unknown[]> {
  if (namespace === undefined) {
    throw new UsageError('events of Kubernetes are read namespace by namespace', ['leave out -A, or --type kube']);
  }
  const names = release === undefined ? await namesIn(session, namespace) : [release];
  const walm = await session.walm();
  const found: unknown[] = [];
  for (let at = 0; at < names.length; at += AT_ONCE) {
    const texts = names
      .slice(at, at + AT_ONCE)
      .map(async (name) => (await walm.call('listReleaseEvents', { path: { namespace, release: name } })).text);
    for (const text of await Promise.all(texts)) found.push(...listAt(parseExact(text), 'events'));
  }
  return found;
}

async function namesIn(session: Session, namespace: string): Promise<readonly string[]> {
  const walm = await session.walm();
  const { text } = await walm.call('listNamespaceReleases', { path: { namespace }, query: { view: 'names' } });
  const names = listAt(parseExact(text), 'items').map((item) => textAt(item, 'name'));
  if (names.length > MAX_RELEASES) {
    throw new UsageError(`namespace ${namespace} has ${names.length} releases: events of Kubernetes are read for one`, [
      'name it: walmctl events NAME --type kube',
    ]);
  }
  return names;
}
