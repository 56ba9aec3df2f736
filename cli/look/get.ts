import { readNames, type Named } from '../arguments/targets.ts';
import { EXIT, worst, type ExitCode } from '../errors/exit-code.ts';
import { UsageError } from '../errors/failures.ts';
import type { CommandRun } from '../session/command-run.ts';
import { eachOf } from '../session/each-of.ts';
import type { Session } from '../session/session.ts';
import { OBJECT_TYPES, typeOf } from '../table/object-types.ts';
import { followEvents } from '../waiting/follow-events.ts';
import { checkNoFilter, readingOf } from './object-reads.ts';
import { findTask } from '../session/find-task.ts';
import { checkWatch, listObjects, presentationOf } from './list.ts';

/** What people who know kubectl and helm ask `get` for, and what shows it here. */
const ELSEWHERE: ReadonlyMap<string, string> = new Map(
  Object.entries({
    all: 'walmctl list, or walmctl tree NAME for the objects of a release',
    charts: 'walmctl chart search, or walmctl chart list REPO',
    contexts: 'walmctl config get-contexts',
    repos: 'walmctl repo list',
    repositories: 'walmctl repo list',
    deployments: 'walmctl tree NAME, for the objects of a release',
    services: 'walmctl tree NAME --all, for the objects of a release',
  }),
);

/** Shows objects by their names; a TYPE alone lists it. */
export const get: CommandRun = async (session) => {
  const { words } = session.line;
  const type = typeOf(words[0] ?? '');
  if (words.length === 0) return listObjects(session, 'release');
  if (words.length === 1 && type !== undefined) return listObjects(session, type);
  const names = readNames(words, OBJECT_TYPES);
  const elsewhere = words.length === 1 ? ELSEWHERE.get(words[0]?.toLowerCase() ?? '') : undefined;
  if (elsewhere !== undefined) {
    throw new UsageError(`${words[0] ?? ''} is not a TYPE of get`, [
      `try: ${elsewhere}`,
      `a release of this name: walmctl get release/${words[0] ?? ''}`,
    ]);
  }
  checkNoFilter(session.line);
  const [first] = names;
  if (first === undefined || !session.line.on('watch')) return show(session, names);
  checkWatch(session, first.type);
  if (names.length > 1) throw new UsageError('--watch follows one object');
  await show(session, names);
  const namespace = first.namespace ?? (await session.namespace());
  const scope = first.type === 'release' ? { namespace, release: first.name } : { namespace };
  await followEvents(session, scope, async () => {
    await show(session, names);
    return false;
  });
  return EXIT.done;
};

async function show(session: Session, names: readonly Named[]): Promise<ExitCode> {
  const kinds = new Set(names.map(({ type }) => type));
  if (kinds.size > 1) throw new UsageError('get shows objects of one TYPE at a time');
  const found: string[] = [];
  const codes = await eachOf(session, names, async (name) => void found.push(await fetchOne(session, name)));
  const type = names[0]?.type ?? 'release';
  const presentation = { ...presentationOf(session, type, await session.namespace()), empty: '' };
  const [only] = found;
  if (names.length === 1) {
    if (only !== undefined) await session.output.objects(only, (value) => [value], presentation);
  } else if (found.length > 0) {
    const text = `{"num":${found.length},"items":[${found.join(',')}]}`;
    await session.output.objects(text, (value) => (value as { items: unknown[] }).items, presentation);
  }
  return worst(codes);
}

async function fetchOne(session: Session, { type, namespace: own, name }: Named): Promise<string> {
  if (type === 'task') return findTask(session, name);
  const walm = await session.walm();
  if (type === 'plugin') {
    const { pluginText } = await import('./plugin-text.ts');
    return pluginText((await walm.call('listPlugins', {})).text, name);
  }
  const { operation, call } = readingOf(type, own ?? (await session.namespace()), name);
  return (await walm.call(operation, call)).text;
}
