import { readNames } from '../arguments/targets.ts';
import { EXIT, worst, type ExitCode } from '../errors/exit-code.ts';
import { UsageError } from '../errors/failures.ts';
import type { Call } from '../http/request.ts';
import { listAt, textAt } from '../render/read-value.ts';
import { oneLine } from '../render/width.ts';
import type { CommandRun } from '../session/command-run.ts';
import { eachOf } from '../session/each-of.ts';
import { agrees } from '../session/question.ts';
import type { Session } from '../session/session.ts';
import type { ObjectType } from '../table/object-types.ts';
import { carryOut, type Change } from './carry-out.ts';
import { changeSeveral } from './change-several.ts';
import { fateLines, foretell, printFate } from './preview-fate.ts';

type OneRelease = Pick<Change, 'operation' | 'done'> & { readonly query: NonNullable<Call['query']> };

/** What is done to all releases of a project. */
const PROJECT_OPERATIONS: Partial<Record<string, 'pauseProject' | 'recoverProject' | 'restartProject'>> = {
  pauseRelease: 'pauseProject',
  recoverRelease: 'recoverProject',
  restartRelease: 'restartProject',
};

/** Stops the pods of releases and keeps everything else. */
export const pause: CommandRun = (session) => {
  const change = { operation: 'pauseRelease', done: 'paused', query: {} } as const;
  return byNameOrSelector(session, change, () =>
    changeSeveral(session, {
      action: 'pause',
      done: 'paused',
      query: {},
      asks: true,
      notes: ['  their pods are stopped'],
    }),
  );
};

/** Starts what pause stopped. */
export const recover: CommandRun = (session) => {
  const change = { operation: 'recoverRelease', done: 'recovered', query: {} } as const;
  return byNameOrSelector(session, change, () =>
    changeSeveral(session, { action: 'recover', done: 'recovered', query: {}, asks: false, notes: [] }),
  );
};

/** Restarts the pods of releases. */
export const restart: CommandRun = (session) => {
  const query = { mode: session.line.text('mode') };
  const change = { operation: 'restartRelease', done: 'restarted', query } as const;
  return byNameOrSelector(session, change, () =>
    changeSeveral(session, { action: 'restart', done: 'restarted', query, asks: false, notes: [] }),
  );
};

/** Takes over releases that another helm made or changed. */
export const adopt: CommandRun = (session) => {
  const change = { operation: 'adoptRelease', done: 'adopted', query: {} } as const;
  return byNameOrSelector(session, change, () =>
    changeSeveral(session, {
      action: 'adopt',
      done: 'adopted',
      query: {},
      asks: true,
      notes: ['  they are adopted in your name'],
    }),
  );
};

async function byNameOrSelector(
  session: Session,
  change: OneRelease,
  several: () => Promise<ExitCode>,
): Promise<ExitCode> {
  const { words } = session.line;
  if (words.length === 0) return several();
  if (session.line.given('selector')) throw new UsageError('name releases or use -l SELECTOR, not both');
  const ofProject = PROJECT_OPERATIONS[change.operation];
  const types: readonly ObjectType[] = [
    'release',
    ...(ofProject === undefined ? [] : (['project'] as const)),
    ...(change.operation === 'restartRelease' ? (['pod'] as const) : []),
  ];
  const names = readNames(words, types);
  return worst(
    await eachOf(session, names, async (named) => {
      if (named.type === 'pod') return (await import('./cluster-objects.ts')).restartPod(session, named);
      const { namespace: own, name } = named;
      const namespace = own ?? (await session.namespace());
      if (named.type === 'project' && ofProject !== undefined) {
        const { operateProject } = await import('./projects.ts');
        return operateProject(session, ofProject, { namespace, name, done: change.done });
      }
      return changeOne(session, change, namespace, name);
    }),
  );
}

async function changeOne(
  session: Session,
  { operation, done, query }: OneRelease,
  namespace: string,
  name: string,
): Promise<ExitCode> {
  const call = { path: { namespace, release: name }, query };
  if (session.line.on('dry-run')) {
    await printFate(session, operation, call);
    return EXIT.done;
  }
  return carryOut(session, { operation, call, namespace, name, done, leavesRelease: true });
}

/** Leaves a release to helm; its dependents lose a provider, so it asks. */
export const detach: CommandRun = async (session) => {
  const [named, ...more] = readNames(session.line.words, ['release']);
  if (named === undefined || more.length > 0) throw new UsageError('detach takes the name of one release');
  const namespace = named.namespace ?? (await session.namespace());
  const { name } = named;
  const call = { path: { namespace, release: name }, query: {} };
  if (session.line.on('dry-run')) {
    await printFate(session, 'detachRelease', call);
    return EXIT.done;
  }
  if (session.io.input.isTerminal && !session.line.on('yes')) {
    const lines = fateLines(await foretell(session, 'detachRelease', call), session);
    const lost = '  Walm forgets its labels, dependencies, plugins and outputs';
    if (!(await agrees(session, [...lines, lost], `detach release ${namespace}/${name}`, true))) return EXIT.answer;
  }
  return carryOut(session, {
    operation: 'detachRelease',
    call,
    namespace,
    name,
    done: 'detached',
    leavesRelease: true,
  });
};

/** Goes back to an earlier revision, as a new one. */
export const rollback: CommandRun = async (session) => {
  const { line } = session;
  const words = line.words[0] === 'release' ? line.words.slice(1) : line.words;
  const [first = '', revisionWord, ...more] = words;
  const [named] = readNames([first], ['release']);
  if (named === undefined || more.length > 0) throw new UsageError('rollback takes NAME and REVISION');
  if (revisionWord !== undefined && !/^\d{1,9}$/.test(revisionWord))
    throw new UsageError(`a revision must be a number, not ${revisionWord}`);
  const revision = line.number('to') ?? Number(revisionWord ?? 0);
  const namespace = named.namespace ?? (await session.namespace());
  const { name } = named;
  const hooks = line.given('hooks') ? line.on('hooks') : undefined;
  const call = { path: { namespace, release: name }, query: { revision, hooks } };
  if (line.on('dry-run')) {
    await printFate(session, 'rollback', call);
    return EXIT.done;
  }
  const done = revision === 0 ? 'rolled back' : `rolled back to ${revision}`;
  return carryOut(session, { operation: 'rollback', call, namespace, name, done, leavesRelease: true });
};

/** Runs the chart's tests; exit 1 if one fails. */
export const test: CommandRun = async (session) => {
  const { line, output } = session;
  const [named, ...more] = readNames(line.words, ['release']);
  if (named === undefined || more.length > 0) throw new UsageError('test takes the name of one release');
  const namespace = named.namespace ?? (await session.namespace());
  const { name } = named;
  const tests = line.list('name').flatMap((text) => text.split(','));
  const call = {
    path: { namespace, release: name },
    query: { name: tests.length === 0 ? undefined : tests.join(',') },
  };
  let failed = false;
  const code = await carryOut(session, {
    operation: 'runTests',
    call,
    namespace,
    name,
    done: 'tested',
    leavesRelease: false,
    lines: (task) => {
      const results = listAt(task, 'tests', 'tests');
      failed = listAt(task, 'tests', 'failed').length > 0;
      if (results.length === 0 && tests.length > 0) {
        failed = true;
        return [`no test has the name ${tests.join(' or ')}: walmctl test ${name} runs all of them`];
      }
      if (results.length === 0) return ['the chart has no tests'];
      const rows = results.map((one) => [
        textAt(one, 'name'),
        textAt(one, 'phase'),
        durationOf(one),
        textAt(one, 'message'),
      ]);
      output.table(['TEST', 'PHASE', 'DURATION', 'MESSAGE'], rows, 'MESSAGE');
      return results
        .filter((one) => line.on('logs') || textAt(one, 'phase') !== 'Succeeded')
        .flatMap((one) =>
          textAt(one, 'log')
            .split('\n')
            .filter(Boolean)
            .map((text) => `[${textAt(one, 'name')}] ${oneLine(text)}`),
        );
    },
  });
  return code === EXIT.done && failed ? EXIT.answer : code;
};

function durationOf(result: unknown): string {
  const seconds = (Date.parse(textAt(result, 'completedAt')) - Date.parse(textAt(result, 'startedAt'))) / 1000;
  return Number.isNaN(seconds) ? '' : `${Math.round(seconds)}s`;
}
