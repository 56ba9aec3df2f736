import { asObject } from '../../domain/json/json-reading.ts';
import type { findSecrets } from '../../domain/masking/hide-layers.ts';
import { type Masker, maskerFrom } from '../../domain/masking/masker.ts';
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
 * Finds the secrets of a revision. Recorded charts do not contain their subcharts, so for a revision that plain Helm
 * wrote, `written` (what Walm masked in another revision) says what is secret in those. `holder` is the caller whose
 * share of computing time is used.
 */
export async function ownSecrets(
  { revision, written }: { revision: HelmRelease; written: ReleaseFacts | null },
  findSecretsIn: FindSecrets,
  holder: string,
): Promise<OwnSecrets> {
  const rules = rulesByFacts(revision, readReleaseFacts(revision.releaseConfig) ?? written);
  const { secrets } = await findSecretsIn({ sources: [sourcesOfRevision(revision, rules)] }, holder);
  return { rules, masker: maskerFrom(secrets) };
}

/**
 * What must not be shown of a revision: its own secrets, and those of the other stored revisions. A later revision may
 * repeat a former secret as ordinary text, and an earlier one may contain it from before it was secret.
 */
export function withOthers({ rules, masker: own }: OwnSecrets, others: readonly Masker[]): RevisionSecrets {
  const masker = own.and(...others);
  return { masker, values: (values) => asObject(masker.json(maskSecretValues(values, rules))) };
}
