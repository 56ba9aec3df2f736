import { type Caller, samePersonKey } from '../access/caller.ts';
import { actingIdentity, serviceAccountIdentity } from '../access/recorded-identity.ts';
import type { SealState } from '../seals/seal-state.ts';

/** The administrator's rules for automatic changes. */
export type AutomationRules = {
  mode: 'on' | 'off';
  /** False: callers are not authenticated, and Walm acts as itself. */
  asksWhoCalls: boolean;
  /** Name of the service account, in each namespace, to impersonate instead of the user; empty: the user. */
  serviceAccount: string;
  /** Maximum age of the user's last request, in milliseconds; 0: no limit. */
  identityMaxAgeMs: number;
};

/**
 * Whom an automatic change may impersonate, and since when that user wants the release so (RFC 3339); or why it is
 * denied.
 */
export type Automation = { may: true; as: Caller | null; since: string } | { may: false; reason: string };

/**
 * Whom an automatic change of a revision may impersonate: the user who made it, if it has a valid seal. Rights are
 * checked separately, by the cluster.
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
      `revision ${revision} goes back to a request at ${seal.at}, which is longer ago than ` +
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

/** Whether two identities are the same user, or both Walm itself. */
export function isSamePerson(a: Caller | null, b: Caller | null): boolean {
  return a === null || b === null ? a === b : samePersonKey(a) === samePersonKey(b);
}

/** Whether a sealed revision was made by this user, or by Walm itself, however long ago. */
export function isMadeBy(
  person: Caller | null,
  release: { namespace: string; revision: number; seal: SealState },
  rules: AutomationRules,
  nowMs: number,
): boolean {
  const automation = automationOf(release, { ...rules, identityMaxAgeMs: 0 }, nowMs);
  return automation.may && isSamePerson(automation.as, person);
}
