import type { TaskInfo } from '../../../contract/schemas/task.ts';
import type { ExpectedRelease, Wanted } from '../../model/expected-release.ts';
import type { SimulatedRequest } from '../simulated-api.ts';
import type { SimulatedClient } from '../simulated-client.ts';
import type { SimulatedWorld } from '../world/simulated-world.ts';
import { afterChange } from './expected-change.ts';

/** What a load did, and the expected state. */
export interface Load {
  expected: ExpectedRelease[];
  /** Projects with the expected releases of each. */
  projects: { namespace: string; name: string; members: readonly ExpectedRelease[] }[];
  /** Answers that no client should get, or changes that did not end. */
  problems: string[];
  /** Number of changes by operation and result. */
  counts: Map<string, number>;
}

/** Options of a change. */
export interface How {
  /** It must end with one of these codes, because it cannot succeed. */
  refused?: readonly string[];
  /** Codes that it may end with, besides those caused by faults. */
  pardoned?: readonly string[];
  /** It is cancelled after this time, unless it has ended. */
  cancelAfterMs?: number;
  /** The request is answered as soon as it is accepted. */
  isAsync?: boolean;
}

/** The result of a change. */
export interface Made {
  next: ExpectedRelease;
  isDone: boolean;
  isCancelled: boolean;
  /** The code of the failure; empty if it succeeded. */
  code: string;
  task?: TaskInfo;
}

/** Makes changes, and records their results. */
export interface Changes {
  load: Load;
  make(before: ExpectedRelease, request: SimulatedRequest, wanted: Wanted, how?: How): Promise<Made>;
}

/** Failures that injected faults explain; any other failure is a wrong answer. */
const PARDONED: readonly string[] = [
  'ENGINE_STOPPED',
  'CLUSTER_UNREACHABLE',
  'RELEASE_LOCKED',
  // After an abandoned change the state is unknown, and old revisions are pruned.
  'RELEASE_PAUSED',
  // A replica that was cut off does not know recent changes yet.
  'DEPENDENCY_NOT_FOUND',
  'REVISION_NOT_FOUND',
];

/** Starts with an empty load. */
export function createChanges({ trace }: Pick<SimulatedWorld, 'trace'>, client: SimulatedClient): Changes {
  const load: Load = { expected: [], projects: [], problems: [], counts: new Map() };

  return {
    load,
    async make(before, request, wanted, { refused = [], pardoned = [], cancelAfterMs, isAsync = false } = {}) {
      const sent =
        isAsync || cancelAfterMs !== undefined ? { ...request, query: { ...request.query, async: 'true' } } : request;
      const outcome = await client.change(sent, cancelAfterMs);
      const task = 'task' in outcome ? outcome.task : undefined;
      const end = task?.state ?? 'refused';
      const code = ('refused' in outcome ? outcome.refused : (outcome.task.error?.code ?? '')).split(' ')[0] ?? '';
      const line = `${request.id} ${end} ${code}`;
      load.counts.set(line, (load.counts.get(line) ?? 0) + 1);
      const isDone = end === 'succeeded';
      const isCancelled = end === 'cancelled';
      const isRight =
        refused.length > 0
          ? refused.includes(code)
          : isDone || (isCancelled && cancelAfterMs !== undefined) || pardoned.includes(code);
      if (!isRight && !isPardoned(before, request, code)) {
        const { namespace, name } = before;
        const said = 'refused' in outcome ? outcome.refused : JSON.stringify(outcome.task.error);
        load.problems.push(`${namespace}/${name}: ${line}: ${said}`);
        trace.note(`WRONG ANSWER ${line}`);
      }
      // A refused or cancelled change never takes effect, however often it is attempted.
      const isNothing = end === 'refused' || isCancelled || refused.length > 0;
      const next = isNothing ? before : afterChange(before, wanted, isDone);
      return { next, isDone, isCancelled, code, ...(task && { task }) };
    },
  };
}

/** Whether injected faults, or an outdated replica, explain the failure. */
function isPardoned({ exists }: ExpectedRelease, { query = {} }: SimulatedRequest, code: string): boolean {
  switch (code) {
    case 'RELEASE_NOT_FOUND':
      return exists.has(false);
    case 'REVISION_MISMATCH':
      return query['expectedRevision'] !== undefined;
    default:
      return PARDONED.includes(code);
  }
}
