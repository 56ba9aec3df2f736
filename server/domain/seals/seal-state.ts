import type { Caller } from '../access/caller.ts';

/**
 * What is known of the seal of a recorded revision or a task: whether a Walm of this cluster wrote exactly this, and in
 * whose name (null is Walm itself, under authentication mode `none`). Walm acts by itself on sealed content only.
 */
export type SealState = SealedState | UnsealedState;

/** `at` is RFC 3339, `operation` what was done (install, upgrade, pause …). */
export type SealedState = { sealed: true; by: Caller | null; at: string; operation: string };

/** `reason` says in one sentence why not; it names no secret. */
export type UnsealedState = { sealed: false; reason: string };

/** No seal, or none that counts. */
export function unsealed(reason: string): UnsealedState {
  return { sealed: false, reason };
}

/** What is said of a revision that carries no seal at all. */
export const NO_SEAL = unsealed('it carries no seal: plain helm wrote it, or a Walm from before there were seals');
