import type { Caller } from '../access/caller.ts';

/**
 * The seal of a recorded revision or a task: whether a Walm of this cluster wrote exactly this, and for which caller
 * (null is Walm itself, in authentication mode `none`). Automatic changes need sealed content.
 */
export type SealState = SealedState | UnsealedState;

/** `at` is RFC 3339, `operation` the operation (install, upgrade, pause …). */
export type SealedState = { sealed: true; by: Caller | null; at: string; operation: string };

/** `reason` is one sentence; it contains no secret. */
export type UnsealedState = { sealed: false; reason: string };

/** No seal, or an invalid one. */
export function unsealed(reason: string): UnsealedState {
  return { sealed: false, reason };
}

/** The state of a revision without any seal. */
export const NO_SEAL = unsealed('it carries no seal: plain helm wrote it, or a Walm from before there were seals');
