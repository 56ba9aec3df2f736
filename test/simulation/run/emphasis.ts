import type { LoadName } from '../load/load.ts';
import type { FaultMix } from '../world/faults.ts';
import { LATE, STORM } from '../world/network.ts';

/**
 * What a run has more of than usual. A rare fault of the sources shows in many seeds of a run that has much of what it
 * takes, and in few of the usual ones.
 */
export interface Emphasis extends FaultMix {
  /** The load, each part in a namespace of its own; absent: a life and two others that the seed chooses. */
  readonly load?: readonly LoadName[];
}

/** Kinds of runs: what the usual one has of everything, each of the others has much of. */
export const KINDS = {
  usual: {},
  /** Leaders that stop for longer than their lease, so that two replicas believe that they lead. */
  frozenLeaders: { faults: ['freeze', 'freezeBoth', 'silence'], maxPauseMs: 9_000, atLeader: 0.9 },
  /** Leaders that stop with their engines, in the middle of whatever they do, and go on when another one leads. */
  frozenMachines: { faults: ['freezeBoth'], maxPauseMs: 12_000, atLeader: 1 },
  /** Engines that continue while their server is frozen or killed. */
  loneEngines: { faults: ['freeze', 'kill', 'freezeEngine'], maxPauseMs: 6_000, atLeader: 0.9 },
  /** Servers and engines that end, most often those of the leader. */
  kills: { faults: ['kill', 'kill', 'killEngine'], maxPauseMs: 3_500, atLeader: 0.8 },
  /** Writes whose result the writer does not learn. */
  lostAnswers: { faults: ['kill', 'cut'], maxPauseMs: 8_000, atLeader: 0.7, weather: STORM },
  /** Writes that arrive when another replica leads already. */
  lateWrites: { faults: ['silence', 'kill', 'freeze'], maxPauseMs: 14_000, atLeader: 1, weather: LATE },
  /** Watches that break, fall silent, and have to list again. */
  brokenWatches: { faults: ['forget', 'forget', 'cut', 'silence'], maxPauseMs: 3_000 },
  /** A Redis that loses everything. */
  lostRedis: { faults: ['redis', 'redis', 'kill', 'freeze'], maxPauseMs: 3_000 },
} as const satisfies Readonly<Record<string, Emphasis>>;

/** Many releases that go through everything at once: most of what a frozen leader was about to do is under way. */
export const EIGHT_LIVES = ['life', 'life', 'life', 'life', 'life', 'life', 'life', 'life'] as const;

/** Releases that are restarted all the time: a leader that stops was about to restart one of them. */
export const EIGHT_RESTARTS = Array.from({ length: 8 }, () => 'restarts' as const);

/** The same kind of run with this load instead of the usual one, each part in a namespace of its own. */
export function withLoad(kind: Emphasis, ...load: readonly LoadName[]): Emphasis {
  return { ...kind, load };
}
