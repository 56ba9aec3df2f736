import { asObject } from '../../domain/json/json-reading.ts';
import type { findSecrets } from '../../domain/masking/hide-layers.ts';
import { ProblemError } from '../../domain/errors/problem-error.ts';
import { BLIND, type Masker, maskerFrom } from '../../domain/masking/masker.ts';
import { readReleaseFacts, type ReleaseFacts } from '../../domain/release/release-facts.ts';
import { type RevisionSecrets, rulesByFacts, sourcesOfRevision } from '../../domain/release/revision-secrets.ts';
import { maskSecretValues, type SecretRules } from '../../domain/secrets/secret-values.ts';
import type { HelmRelease } from '../../ports/helm/helm-release.ts';
import type { PlacedJob } from '../jobs/placed-job.ts';

/** Finds secrets without blocking the event loop. */
export type FindSecrets = PlacedJob<Parameters<typeof findSecrets>[0], ReturnType<typeof findSecrets>>;

/** What is secret in one revision, looked at alone. */
export type OwnSecrets = { rules: SecretRules; masker: Masker };

/**
 * If more revisions are stored (`history.max`), only the secrets of this many newest ones are searched for in the
 * others.
 */
export const MAX_LOOKED_AT = 32;

/** Whose turn it is where Walm computes for its view: that of who can write the records. */
export function viewOf({ namespace }: { namespace: string }): string {
  return `view of ${namespace}`;
}

/**
 * Finds the secrets of a revision. Recorded charts do not contain their subcharts, so for a revision that plain Helm
 * wrote, `written` (what Walm masked in another revision) says what is secret in those. `holder` is the caller whose
 * share of computing time is used.
 * Where it takes more than it may every text is taken to hold a secret.
 */
export async function ownSecrets(
  { revision, written }: { revision: HelmRelease; written: ReleaseFacts | null },
  findSecretsIn: FindSecrets,
  holder: string,
): Promise<OwnSecrets> {
  const rules = rulesByFacts(revision, readReleaseFacts(revision.releaseConfig) ?? written);
  try {
    const { secrets } = await findSecretsIn({ sources: [sourcesOfRevision(revision, rules)] }, holder);
    return { rules, masker: maskerFrom(secrets) };
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'BODY_TOO_COMPLEX') {
      return { rules, masker: BLIND };
    }
    throw error;
  }
}

/** The masker of one revision alone, by what Walm wrote in it or, `written`, before it. */
export async function maskerOf(
  revision: HelmRelease,
  findSecretsIn: FindSecrets,
  { holder, written = null }: { holder: string; written?: ReleaseFacts | null },
): Promise<Masker> {
  return (await ownSecrets({ revision, written }, findSecretsIn, holder)).masker;
}

/**
 * What must not be shown of a revision: its own secrets, and those of the other stored revisions. A later revision may
 * repeat a former secret as ordinary text, and an earlier one may contain it from before it was secret.
 */
export function withOthers({ rules, masker: own }: OwnSecrets, others: readonly Masker[]): RevisionSecrets {
  const masker = own.and(...others);
  return { masker, values: (values) => asObject(masker.json(maskSecretValues(values, rules))) };
}
