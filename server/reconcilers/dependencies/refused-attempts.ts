import type { AccessQuestion } from '../../domain/access/access-question.ts';
import type { Caller } from '../../domain/access/caller.ts';
import type { ReleaseKey } from '../../domain/names/release-key.ts';
import type { Denial } from '../../services/automation/judge-automation.ts';

export type RefusedAttemptsDeps = {
  /** Whether a user has a right now. */
  hasRight: (caller: Caller | null, right: AccessQuestion) => Promise<boolean>;
};

/** Attempts that the cluster refused, each of which left a failed revision: a retry would only add another. */
export type RefusedAttempts = {
  note(key: ReleaseKey, denial: Denial): void;
  /**
   * Why an attempt must not be retried; null if it may be, because it starts from something else (`basis`), or the
   * missing right was granted.
   */
  standing(key: ReleaseKey, basis: string, as: Caller | null): Promise<Denial | null>;
  forget(key: ReleaseKey): void;
};

export function createRefusedAttempts({ hasRight }: RefusedAttemptsDeps): RefusedAttempts {
  const refusals = new Map<ReleaseKey, Denial & { basis?: string }>();
  return {
    note: (key, denial) => void refusals.set(key, denial),
    forget: (key) => void refusals.delete(key),
    async standing(key, basis, as) {
      const refusal = refusals.get(key);
      if (refusal === undefined) {
        return null;
      }
      // The attempt itself may have left a revision, so the first check after it is the reference for later ones.
      const known = { ...refusal, basis: refusal.basis ?? basis };
      refusals.set(key, known);
      const isGiven = known.missing !== undefined && (await hasRight(as, known.missing));
      if (known.basis === basis && !isGiven) {
        return known;
      }
      refusals.delete(key);
      return null;
    },
  };
}
