import { EXIT } from '../errors/exit-code.ts';
import { UsageError } from '../errors/failures.ts';
import { columnsOf } from '../render/object-columns.ts';
import { textAt } from '../render/read-value.ts';
import type { CommandRun } from '../session/command-run.ts';
import { itemsOf, type Presentation } from '../session/output.ts';
import type { Session } from '../session/session.ts';
import { typeOf, type ObjectType } from '../table/object-types.ts';
import { followEvents } from '../waiting/follow-events.ts';
import { allPages } from './all-pages.ts';
import { memberText } from './member-text.ts';

/** Lists the objects of a type; with --watch again whenever something changes. */
export const list: CommandRun = async (session) => {
  const word = session.line.words[0];
  const type = word === undefined ? 'release' : typeOf(word);
  if (type === undefined) {
    throw new UsageError(`${word ?? ''} is not a type`, ['types: release, project, task, plugin']);
  }
  return listObjects(session, type);
};

/** Lists the objects of a type as the flags of the line say. */
export async function listObjects(session: Session, type: ObjectType) {
  await print(session, type);
  if (!session.line.on('watch')) return EXIT.done;
  await followEvents(session, await scope(session), async () => {
    session.output.say('');
    await print(session, type);
    return false;
  });
  return EXIT.done;
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
  const where = namespace === undefined ? 'in any namespace' : `in namespace ${namespace}`;
  return {
    columns: columnsOf(type, session.io.now()),
    name: (item) => nameOf(type, item),
    namespaces: namespace === undefined && (type === 'release' || type === 'project'),
    empty: type === 'plugin' ? 'no plugins' : `no ${type}s ${where}`,
  };
}

/** `release/demo/kafka`, `task/5c1e…`: what other commands take. */
export function nameOf(type: ObjectType, item: unknown): string {
  if (type === 'task') return `task/${textAt(item, 'id')}`;
  if (type === 'plugin') return `plugin/${textAt(item, 'name')}`;
  return `${type}/${textAt(item, 'namespace')}/${textAt(item, 'name')}`;
}

/** A list: as many items as --limit says, fetched by --chunk-size. */
async function fetchPages(session: Session, type: ObjectType, namespace: string | undefined): Promise<string> {
  if (type !== 'release' && type !== 'task') return fetchWhole(session, type, namespace);
  const { line } = session;
  const limit = line.number('limit') ?? 0;
  const chunk = line.number('chunk-size') ?? 500;
  let left = limit === 0 ? Number.POSITIVE_INFINITY : limit;
  return allPages(
    async (next) => {
      const size = Math.min(left, chunk === 0 ? left : chunk);
      const page = { ...(Number.isFinite(size) && { limit: size }), continue: next };
      const text =
        type === 'release' ? await fetchReleases(session, namespace, page) : await fetchTasks(session, namespace, page);
      left -= Number(memberText(text, 'num') ?? 0);
      return text;
    },
    () => left > 0,
  );
}

interface Page {
  readonly limit?: number;
  readonly continue: string | undefined;
}

async function fetchReleases(session: Session, namespace: string | undefined, page: Page): Promise<string> {
  const { line, output } = session;
  const format = output.format().kind;
  const isWhole = format === 'json' || format === 'yaml' || format === 'jsonpath' || format === 'columns';
  const query = {
    ...page,
    labelselector: line.text('selector'),
    chart: line.text('chart'),
    project: line.text('project'),
    phase: line.text('phase'),
    ready: line.text('ready'),
    q: line.text('search'),
    view: line.text('view') ?? (isWhole ? 'full' : format === 'name' ? 'names' : 'summary'),
  };
  const walm = await session.walm();
  const answer =
    namespace === undefined
      ? await walm.call('listReleases', { query })
      : await walm.call('listNamespaceReleases', { path: { namespace }, query });
  return answer.text;
}

async function fetchTasks(session: Session, namespace: string | undefined, page: Page): Promise<string> {
  const walm = await session.walm();
  const query = { ...page, namespace, state: session.line.text('state') };
  return (await walm.call('listTasks', { query })).text;
}

async function fetchWhole(
  session: Session,
  type: 'project' | 'plugin',
  namespace: string | undefined,
): Promise<string> {
  const walm = await session.walm();
  if (type === 'plugin') return (await walm.call('listPlugins', {})).text;
  if (namespace === undefined) return (await walm.call('listProjects', {})).text;
  return (await walm.call('listNamespaceProjects', { path: { namespace } })).text;
}
