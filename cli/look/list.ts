import { EXIT } from '../errors/exit-code.ts';
import { UsageError } from '../errors/failures.ts';
import { columnsOf } from '../render/object-columns.ts';
import { textAt } from '../render/read-value.ts';
import type { CommandRun } from '../session/command-run.ts';
import { itemsOf, type Presentation } from '../session/output.ts';
import type { Session } from '../session/session.ts';
import { isWatched, pluralOf, TYPE_NAMES, typeOf, type ObjectType } from '../table/object-types.ts';
import { followEvents } from '../waiting/follow-events.ts';
import { allPages } from './all-pages.ts';
import { memberText } from './member-text.ts';
import { isNamespaced, isPaged, listOf } from './object-reads.ts';

/** Lists the objects of a type; with --watch again whenever something changes. */
export const list: CommandRun = async (session) => {
  const word = session.line.words[0];
  const type = word === undefined ? 'release' : typeOf(word);
  if (type === undefined) {
    throw new UsageError(`${word ?? ''} is not a type`, [`types: ${TYPE_NAMES}`]);
  }
  return listObjects(session, type);
};

/** Lists the objects of a type as the flags of the line say. */
export async function listObjects(session: Session, type: ObjectType) {
  checkWatch(session, type);
  await print(session, type);
  if (!session.line.on('watch')) return EXIT.done;
  await followEvents(session, await scope(session), async () => {
    session.output.say('');
    await print(session, type);
    return false;
  });
  return EXIT.done;
}

/** @throws UsageError if the line asks to watch what the stream of events says nothing of */
export function checkWatch({ line }: Session, type: ObjectType): void {
  if (line.on('watch') && !isWatched(type)) throw new UsageError('--watch follows releases, projects and tasks');
}

async function scope(session: Session): Promise<{ namespace?: string }> {
  return session.line.on('all-namespaces') ? {} : { namespace: await session.namespace() };
}

async function print(session: Session, type: ObjectType): Promise<void> {
  const everywhere = session.line.on('all-namespaces');
  const namespace = everywhere ? undefined : await session.namespace();
  const text = await fetchPages(session, type, namespace);
  await session.output.objects(text, itemsOf, presentationOf(session, type, namespace));
}

/** How objects of a type are shown. */
export function presentationOf(session: Session, type: ObjectType, namespace: string | undefined): Presentation {
  const inNamespaces = isNamespaced(type);
  const where = namespace === undefined ? ' in any namespace' : ` in namespace ${namespace}`;
  return {
    columns: columnsOf(type, session.io.now()),
    name: (item) => nameOf(type, item),
    namespaces: namespace === undefined && inNamespaces && type !== 'task',
    empty: `no ${pluralOf(type)}${inNamespaces ? where : ''}`,
  };
}

/** `release/demo/kafka`, `task/5c1e…`: what other commands take. */
export function nameOf(type: ObjectType, item: unknown): string {
  if (type === 'task') return `task/${textAt(item, 'id')}`;
  if (type === 'tenant') return `tenant/${textAt(item, 'tenantName')}`;
  const name = textAt(item, 'name');
  return isNamespaced(type) ? `${type}/${textAt(item, 'namespace')}/${name}` : `${type}/${name}`;
}

/** A list: as many items as --limit says, fetched by --chunk-size. */
async function fetchPages(session: Session, type: ObjectType, namespace: string | undefined): Promise<string> {
  const { line } = session;
  const reading = listOf(line, type, namespace);
  const walm = await session.walm();
  const fetch = async (page: Readonly<Record<string, string | number | undefined>>): Promise<string> => {
    const query = { ...(type === 'release' && { view: defaultView(session) }), ...reading.call.query, ...page };
    return (await walm.call(reading.operation, { ...reading.call, query })).text;
  };
  if (!isPaged(reading)) {
    if (line.given('limit')) throw new UsageError(`--limit does not hold for ${pluralOf(type)}`);
    return fetch({});
  }
  const limit = line.number('limit') ?? 0;
  const chunk = line.number('chunk-size') ?? 500;
  let left = limit === 0 ? Number.POSITIVE_INFINITY : limit;
  return allPages(
    async (next) => {
      const size = Math.min(left, chunk === 0 ? left : chunk);
      const text = await fetch({ ...(Number.isFinite(size) && { limit: size }), continue: next });
      left -= Number(memberText(text, 'num') ?? 0);
      return text;
    },
    () => left > 0,
  );
}

/** How much of each release the format needs. */
function defaultView({ output }: Session): string {
  const format = output.format().kind;
  const isWhole = format === 'json' || format === 'yaml' || format === 'jsonpath' || format === 'columns';
  return isWhole ? 'full' : format === 'name' ? 'names' : 'summary';
}
