import { asObject } from '../../domain/json/json-reading.ts';
import type { findSecrets } from '../../domain/masking/hide-layers.ts';
import { type Masker, maskerFrom } from '../../domain/masking/masker.ts';
import { readReleaseFacts, type ReleaseFacts } from '../../domain/release/release-facts.ts';
import { type RevisionSecrets, rulesByFacts, sourcesOfRevision } from '../../domain/release/revision-secrets.ts';
import { maskSecretValues, type SecretRules } from '../../domain/secrets/secret-values.ts';
import type { HelmRelease } from '../../ports/helm/helm-release.ts';
import type { PlacedJob } from '../jobs/placed-job.ts';

/** Finds secrets where it keeps nobody waiting. */
export type FindSecrets = PlacedJob<Parameters<typeof findSecrets>[0], ReturnType<typeof findSecrets>>;

/** What is secret in one revision, by itself. */
export type OwnSecrets = { rules: SecretRules; masker: Masker };

/**
 * Finds what is secret in a revision. Charts are recorded without their subcharts, so where plain Helm wrote it, `written`,
 * what Walm masked in another revision, tells what is secret in those. `holder` is whose turn it is where computing is shared.
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
 * What must not be shown of a revision: what is secret in it, and what is in the others that are kept. A later one may
 * repeat as an ordinary text what was secret before, and an earlier one have it before it was.
 */
export function withOthers({ rules, masker: own }: OwnSecrets, others: readonly Masker[]): RevisionSecrets {
  const masker = own.and(...others);
  return { masker, values: (values) => asObject(masker.json(maskSecretValues(values, rules))) };
}
