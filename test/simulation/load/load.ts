import { absent, type ExpectedRelease, type Wanted } from '../../chaos/expected-release.ts';
import { afterChange } from './expected-change.ts';
import type { SimulatedClient } from '../simulated-client.ts';
import type { SimulatedRequest } from '../simulated-api.ts';
import type { SimulatedWorld } from '../world/simulated-world.ts';

/** What a load did, and the state that is expected now. */
export interface Load {
  expected: ExpectedRelease[];
  /** Answers that no caller should get, or changes that did not end. */
  troubles: string[];
  /** Number of changes by kind and result. */
  counts: Map<string, number>;
}

/** Errors that only faults can cause; any other error is a wrong answer. */
const PARDONED = new Set([
  'ENGINE_STOPPED',
  'CLUSTER_UNREACHABLE',
  'REVISION_MISMATCH',
  'RELEASE_LOCKED',
  // The state of an abandoned change is unknown, and old revisions are removed.
  'RELEASE_PAUSED',
  // A replica that was cut off does not know yet what others have created.
  'DEPENDENCY_NOT_FOUND',
  'RELEASE_NOT_FOUND',
  'REVISION_NOT_FOUND',
]);
/** A value in a chart's configuration that the cluster refuses. */
export const FORBIDDEN_VALUE = 'forbidden';
const MAX_PAUSE_MS = 4_000;

/**
 * Changes releases of its own, one change after the other for each, until `isOver`; resolves when the last change of
 * each has ended.
 */
export async function runLoad(
  { random, sleep }: SimulatedWorld,
  client: SimulatedClient,
  namespaces: readonly string[],
  isOver: () => boolean,
): Promise<Load> {
  const load: Load = { expected: [], troubles: [], counts: new Map() };

  /** Returns the expected state, and the revision that was made. */
  async function change(before: ExpectedRelease, request: SimulatedRequest, wanted: Wanted, isRefused = false) {
    const outcome = await client.change(request);
    const [end, code] =
      'task' in outcome ? [outcome.task.state, outcome.task.error?.code ?? ''] : ['refused', outcome.refused];
    const line = `${request.id} ${end} ${code}`;
    load.counts.set(line, (load.counts.get(line) ?? 0) + 1);
    const isDone = end === 'succeeded';
    // A replica that takes over a change that the cluster refused knows that it failed, but not with which code.
    const isRight = isRefused ? code === 'ADMISSION_REFUSED' || code === 'HOOK_FAILED' : isDone;
    if (!isRight && !PARDONED.has(code.split(' ')[0] ?? '')) load.troubles.push(`${before.name}: ${line}`);
    // A change that the cluster refuses never succeeds, however often it is tried.
    const next = 'refused' in outcome || isRefused ? before : afterChange(before, wanted, isDone);
    return { next, revision: isDone && 'task' in outcome ? outcome.task.revision : undefined };
  }

  /** A release that goes through every possible operation. */
  async function life(namespace: string, name: string): Promise<void> {
    let expected = absent(namespace, name);
    const at = { namespace, release: name };
    const revisions = new Map<number, string>();
    for (let count = 1; !isOver(); count += 1) {
      const fresh = `v${count}`;
      const body = (chosen: string) => ({ name, configValues: { name, namespace, value: chosen } });
      const [back] = [...revisions].slice(-3);
      const verb = expected.exists.has(false)
        ? 'install'
        : random.pick(['upgrade', 'upgrade', 'forbidden', 'pause', 'recover', 'rollback', 'delete', 'restart']);
      const upgrade = (chosen: string): SimulatedRequest => ({
        id: 'upgradeRelease',
        path: { namespace },
        body: body(chosen),
      });
      const requests: Record<string, [SimulatedRequest, Wanted]> = {
        install: [
          {
            id: 'installRelease',
            path: { namespace },
            query: { upsert: 'true' },
            body: { ...body(fresh), chartName: 'app' },
          },
          { exists: true, value: fresh },
        ],
        upgrade: [upgrade(fresh), { value: fresh }],
        forbidden: [upgrade(FORBIDDEN_VALUE), {}],
        pause: [{ id: 'pauseRelease', path: at }, { paused: true }],
        recover: [{ id: 'recoverRelease', path: at }, { paused: false }],
        restart: [{ id: 'restartRelease', path: at }, {}],
        rollback: [
          { id: 'rollback', path: at, query: { revision: String(back?.[0] ?? 0) } },
          { value: back?.[1] ?? '' },
        ],
        delete: [{ id: 'deleteRelease', path: at }, { exists: false }],
      };
      const [request, wanted] = requests[verb] ?? [];
      if (request === undefined || wanted === undefined || (verb === 'rollback' && back === undefined)) continue;
      // A release that may or may not exist returns any answer; its state is known again afterwards.
      const { next, revision } = await change(expected, request, wanted, verb === 'forbidden');
      expected = next;
      if (verb === 'delete') revisions.clear();
      else if (revision !== undefined && wanted.value !== undefined) revisions.set(revision, wanted.value);
      await sleep(random.between(0, MAX_PAUSE_MS));
    }
    load.expected.push(expected);
  }

  /** A provider whose outputs change, and its dependent, which no request touches. */
  async function pair(namespace: string, provider: string, name: string): Promise<void> {
    const install = (release: string, rest: object): SimulatedRequest => ({
      id: 'installRelease',
      path: { namespace },
      query: { upsert: 'true' },
      body: { name: release, chartName: 'app', ...rest },
    });
    const values = (release: string, value: string) => ({ name: release, namespace, value });
    const at = { exists: true };
    const made = { outputs: { value: 'values:value' }, configValues: values(provider, 'first') };
    /** Repeats until the release certainly exists. */
    async function untilThere(name: string, request: SimulatedRequest, value: string): Promise<ExpectedRelease> {
      let { next } = await change(absent(namespace, name), request, { ...at, value });
      while (next.exists.has(false)) ({ next } = await change(next, request, { ...at, value }));
      return next;
    }
    let next = await untilThere(provider, install(provider, made), 'first');
    const order = install(name, { dependencies: { db: provider }, configValues: values(name, 'one') });
    const dependent = await untilThere(name, order, 'one');
    for (let count = 1; !isOver(); count += 1) {
      const value = `v${count}`;
      const request: SimulatedRequest = {
        id: 'upgradeRelease',
        path: { namespace },
        body: { name: provider, configValues: { value } },
      };
      ({ next } = await change(next, request, { value }));
      await sleep(random.between(0, 2 * MAX_PAUSE_MS));
    }
    load.expected.push(next, { ...dependent, provider });
  }

  const guarded = (about: string, work: Promise<void>): Promise<void> =>
    work.catch((error: unknown) => void load.troubles.push(`${about}: ${String(error)}`));
  await Promise.all(
    namespaces.flatMap((namespace, at) => [
      guarded(`${namespace}/app`, life(namespace, 'app')),
      ...(at === 0 ? [guarded(`${namespace}/provider`, pair(namespace, 'provider', 'dependent'))] : []),
    ]),
  );
  return load;
}
