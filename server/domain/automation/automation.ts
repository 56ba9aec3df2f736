import { type Caller, samePersonKey } from '../access/caller.ts';
import { actingIdentity, serviceAccountIdentity } from '../access/recorded-identity.ts';
import type { SealState } from '../seals/seal-state.ts';

/** What an administrator allows Walm to do by itself. */
export type AutomationRules = {
  mode: 'on' | 'off';
  /** False: nobody is authenticated, and Walm acts as itself. */
  asksWhoCalls: boolean;
  /** Name of the service account of each namespace that acts instead of the person; empty: the person. */
  serviceAccount: string;
  /** How long ago the person may have acted, in milliseconds; 0: for ever. */
  identityMaxAgeMs: number;
};

/** In whose name Walm may act by itself, and since when they have wanted it so (RFC 3339); or why it may not. */
export type Automation = { may: true; as: Caller | null; since: string } | { may: false; reason: string };

/**
 * In whose name Walm may act by itself on a revision: who made it what it is, where it carries a seal. Rights are
 * another question, which the cluster answers.
 */
export function automationOf(
  { namespace, revision, seal }: { namespace: string; revision: number; seal: SealState },
  { mode, asksWhoCalls, serviceAccount, identityMaxAgeMs }: AutomationRules,
  nowMs: number,
): Automation {
  const no = (reason: string): Automation => ({ may: false, reason });
  if (mode === 'off') {
    return no('Walm does nothing by itself here (automation.mode is off): upgrade the release');
  }
  if (!seal.sealed) {
    return no(`revision ${revision} is not sealed: ${seal.reason}; adopt or upgrade the release`);
  }
  if (!asksWhoCalls) {
    return { may: true, as: null, since: seal.at };
  }
  if (identityMaxAgeMs > 0 && !(nowMs - Date.parse(seal.at) <= identityMaxAgeMs)) {
    return no(
      `revision ${revision} goes back to what somebody asked for at ${seal.at}, which is longer ago than ` +
        'automation.identityMaxAgeDays: adopt or upgrade the release',
    );
  }
  if (serviceAccount !== '') {
    return { may: true, as: serviceAccountIdentity(namespace, serviceAccount), since: seal.at };
  }
  return seal.by === null
    ? no(`revision ${revision} was made before callers were known (auth.mode): adopt or upgrade the release`)
    : { may: true, as: actingIdentity(seal.by), since: seal.at };
}

/** Whether two identities are one person, or both Walm itself. */
export function isSamePerson(a: Caller | null, b: Caller | null): boolean {
  return a === null || b === null ? a === b : samePersonKey(a) === samePersonKey(b);
}

/** Whether Walm would act for this person, or itself, on a sealed revision, however long ago it was made. */
export function isMadeBy(
  person: Caller | null,
  release: { namespace: string; revision: number; seal: SealState },
  rules: AutomationRules,
  nowMs: number,
): boolean {
  const automation = automationOf(release, { ...rules, identityMaxAgeMs: 0 }, nowMs);
  return automation.may && isSamePerson(automation.as, person);
}
