import type { TaskInfo } from '../../../contract/schemas/task.ts';
import type { ExpectedRelease, Wanted } from '../../chaos/expected-release.ts';
import type { SimulatedRequest } from '../simulated-api.ts';
import type { SimulatedClient } from '../simulated-client.ts';
import type { SimulatedWorld } from '../world/simulated-world.ts';
import { afterChange } from './expected-change.ts';

/** What a load did, and what has to be there now. */
export interface Load {
  expected: ExpectedRelease[];
  /** Projects with the releases that each has now. */
  projects: { namespace: string; name: string; members: readonly ExpectedRelease[] }[];
  /** Answers that nobody should get, or changes that did not come to an end. */
  troubles: string[];
  /** Changes by what they were and how they ended. */
  counts: Map<string, number>;
}

/** How a change is made. */
export interface How {
  /** Codes that it has to end with: it cannot come true. */
  refused?: readonly string[];
  /** Codes that it may end with, beside those that faults are the reason for. */
  pardoned?: readonly string[];
  /** It is cancelled after this time, unless it was faster. */
  cancelAfterMs?: number;
  /** The answer to the request is that it was accepted. */
  isAsync?: boolean;
}

/** What became of a change. */
export interface Made {
  next: ExpectedRelease;
  isDone: boolean;
  isCancelled: boolean;
  /** Empty where it was done. */
  code: string;
  task?: TaskInfo;
}

/** Makes changes, and keeps account of them. */
export interface Changes {
  load: Load;
  make(before: ExpectedRelease, request: SimulatedRequest, wanted: Wanted, how?: How): Promise<Made>;
}

/** Ends of changes for which nothing but faults can be the reason; everything else would be a wrong answer. */
const PARDONED: readonly string[] = [
  'ENGINE_STOPPED',
  'CLUSTER_UNREACHABLE',
  'RELEASE_LOCKED',
  // Of what was given up half-way nobody knows how it is, and old revisions go.
  'RELEASE_PAUSED',
  // A replica that has been cut off does not know yet of what others made.
  'DEPENDENCY_NOT_FOUND',
  'REVISION_NOT_FOUND',
];

/** Begins a load without changes. */
export function createChanges({ trace }: Pick<SimulatedWorld, 'trace'>, client: SimulatedClient): Changes {
  const load: Load = { expected: [], projects: [], troubles: [], counts: new Map() };

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
        load.troubles.push(`${namespace}/${name}: ${line}: ${said}`);
        trace.note(`WRONG ANSWER ${line}`);
      }
      // What is refused, or was cancelled, never comes true, however often it was tried.
      const isNothing = end === 'refused' || isCancelled || refused.length > 0;
      const next = isNothing ? before : afterChange(before, wanted, isDone);
      return { next, isDone, isCancelled, code, ...(task && { task }) };
    },
  };
}

/** Whether nothing but faults, or that a replica had not heard of something yet, can be the reason. */
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
