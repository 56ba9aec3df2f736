import { absent, type ExpectedRelease, type Wanted } from '../../model/expected-release.ts';
import type { SimulatedRequest } from '../simulated-api.ts';
import { FORBIDDEN_VALUE } from '../simulated-charts.ts';
import type { Actor } from './actor.ts';
import type { How, Made } from './changes.ts';
import { change, chartValues, install, upgrade } from './requests.ts';
import { restartedAt } from './workload.ts';

const MAX_PAUSE_MS = 4_000;
/** Some cancellations arrive while the change runs, others after it. */
const MAX_CANCEL_MS = 1_500;

type Step = { request: SimulatedRequest; wanted: Wanted; how?: How } | null;

const VERBS = [
  'upgrade',
  'upgrade',
  'labels',
  'cancelled',
  'expected',
  'stale',
  'forbidden',
  'pause',
  'recover',
  'rollback',
  'delete',
  'restart',
  'outside',
  'adopt',
  'detach',
] as const;
type Verb = (typeof VERBS)[number] | 'install';

/** One release that goes through every possible change, one after the other. */
export function createLife(
  { world, servers, client, changes, plainHelm, isOver }: Actor,
  namespace: string,
  name: string,
) {
  const { random, sleep } = world;
  const at = { namespace, name };
  const revisions = new Map<number, string>();
  const valuesOf = (value: string) => chartValues(at, { value, kept: 'yes' });
  const isSurely = (known: ReadonlySet<boolean>, is: boolean) => known.has(is) && known.size === 1;

  function stepOf(verb: Verb, fresh: string, seen: number): Step {
    const isAsync = random.next() < 0.3;
    const to = (value: string, query?: Record<string, string>) => upgrade(at, { configValues: valuesOf(value) }, query);
    switch (verb) {
      case 'install':
        return {
          request: install(at, { configValues: valuesOf(fresh) }),
          wanted: { exists: true, value: fresh },
          how: random.next() < 0.2 ? { cancelAfterMs: random.between(0, MAX_CANCEL_MS) } : { isAsync },
        };
      case 'upgrade':
        return { request: to(fresh), wanted: { value: fresh }, how: { isAsync } };
      case 'labels':
        return { request: upgrade(at, { releaseLabels: { round: fresh } }), wanted: { label: fresh } };
      case 'cancelled':
        return {
          request: to(fresh),
          wanted: { value: fresh },
          how: { cancelAfterMs: random.between(0, MAX_CANCEL_MS) },
        };
      case 'expected':
        return seen < 1 ? null : { request: to(fresh, { expectedRevision: String(seen) }), wanted: { value: fresh } };
      case 'stale':
        return seen < 2
          ? null
          : {
              request: to(fresh, { expectedRevision: String(seen - 1) }),
              wanted: {},
              how: { refused: ['REVISION_MISMATCH'] },
            };
      case 'forbidden':
        // A leader that takes over a change refused by the cluster answers in the same code.
        return { request: to(FORBIDDEN_VALUE), wanted: {}, how: { refused: ['ADMISSION_REFUSED'] } };
      case 'pause':
        return { request: change('pauseRelease', at), wanted: { paused: true } };
      case 'recover':
        return { request: change('recoverRelease', at), wanted: { paused: false } };
      case 'restart':
        return { request: change('restartRelease', at, { mode: 'rolling' }), wanted: {} };
      case 'rollback': {
        const [back] = [...revisions].slice(-3);
        if (back === undefined) return null;
        return { request: change('rollback', at, { revision: String(back[0]) }), wanted: { value: back[1] } };
      }
      case 'delete': {
        const keepHistory = String(random.next() < 0.3);
        return { request: change('deleteRelease', at, { keepHistory }), wanted: { exists: false } };
      }
      case 'adopt':
        return { request: change('adoptRelease', at), wanted: {} };
      case 'detach':
        return { request: change('detachRelease', at), wanted: { label: null } };
      case 'outside':
        return null;
      default:
        return verb satisfies never;
    }
  }

  /** The revision according to some replica, perhaps an outdated one; 0 if it does not know the release. */
  async function seenRevision(): Promise<number> {
    const answer = await client.ask(random.pick(servers), { ...change('getRelease', at) });
    return answer?.status === 200 ? (answer.body as { version: number }).version : 0;
  }

  async function next(expected: ExpectedRelease, fresh: string): Promise<ExpectedRelease> {
    const verb = isSurely(expected.exists, true) ? random.pick(VERBS) : 'install';
    if (verb === 'outside') {
      const isFree = isSurely(expected.paused, false) && (await plainHelm.upgrade(at, { value: fresh }));
      return isFree ? { ...expected, values: new Set([fresh]), label: null } : expected;
    }
    const step = stepOf(verb, fresh, verb === 'expected' || verb === 'stale' ? await seenRevision() : 0);
    if (step === null) return expected;
    const made = await changes.make(expected, step.request, step.wanted, step.how);
    if (verb === 'delete') revisions.clear();
    else if (made.task?.revision !== undefined && made.isDone && step.wanted.value !== undefined) {
      revisions.set(made.task.revision, step.wanted.value);
    }
    if (verb === 'restart') checkRestart(made);
    return made.next;
  }

  /** Once the task of a restart has succeeded, the pods have been replaced. */
  function checkRestart({ isDone, task }: Made): void {
    if (!isDone || task === undefined || restartedAt(world.api, at) >= task.createdAt) return;
    changes.load.problems.push(`task ${task.id} says that ${namespace}/${name} was restarted, and it was not`);
  }

  return async function life(): Promise<void> {
    let expected = absent(namespace, name);
    for (let count = 1; !isOver(); count += 1) {
      expected = await next(expected, `v${count}`);
      await sleep(random.between(0, MAX_PAUSE_MS));
    }
    changes.load.expected.push(expected);
  };
}
