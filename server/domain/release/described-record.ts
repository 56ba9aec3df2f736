import type { JsonObject } from '../json/json.ts';
import { maskerFrom, secretsIn, type SecretText } from '../masking/masker.ts';
import { metainfoFiles, metainfoText } from '../metainfo/chart-metainfo.ts';
import type { RecordedRevision } from './recorded-revision.ts';
import { readReleaseFacts, type ReleaseFacts } from './release-facts.ts';
import { type RecordContext, type ReleaseRecord, toReleaseRecord } from './release-record.ts';

/** What a record is made of, as JSON: it may be so much that it is made in a thread. */
export type RecordSources = Omit<RecordedRevision, 'metaFiles'> & { metainfo: string | null; context: RecordContext };

/**
 * A record as JSON, without what its sources have as it is: values of which nothing was taken out are null, of Walm's
 * facts there is what was hidden. `secrets` is what its masker is made of (null: every text is taken to hold a secret).
 * It is not to be written anywhere.
 */
export type DescribedRecord = Omit<ReleaseRecord, 'masker' | 'configValues' | 'computedValues' | 'facts'> & {
  configValues: JsonObject | null;
  computedValues: JsonObject | null;
  hidden: Pick<ReleaseFacts, 'outputConfigValues' | 'outputSecrets'> | null;
  secrets: SecretText[] | null;
};

/** What of a revision its record is made of, and no more. */
export function sourcesOfRecord(revision: RecordedRevision, context: RecordContext): RecordSources {
  return {
    name: revision.name,
    namespace: revision.namespace,
    revision: revision.revision,
    status: revision.status,
    chartName: revision.chartName,
    chartVersion: revision.chartVersion,
    appVersion: revision.appVersion,
    updated: revision.updated,
    description: revision.description,
    config: revision.config,
    computedValues: revision.computedValues,
    notes: revision.notes,
    objects: revision.objects,
    hooks: (revision.hooks ?? []).map(({ kind, manifest, events = [] }) => ({ kind, manifest, events })),
    releaseConfig: revision.releaseConfig,
    schemas: revision.schemas,
    seal: revision.seal,
    metainfo: metainfoText(revision.metaFiles) ?? null,
    context,
  };
}

/** Makes the record of a revision. @throws ProblemError BODY_TOO_COMPLEX */
export function describeRecord(sources: RecordSources): DescribedRecord {
  const { metainfo, context, ...revision } = sources;
  const made = toReleaseRecord({ ...revision, metaFiles: metainfoFiles(metainfo) }, context);
  const { masker, configValues, computedValues, facts, ...record } = made;
  const given = givenIn(sources);
  return {
    ...record,
    configValues: configValues === given.configValues ? null : configValues,
    computedValues: computedValues === revision.computedValues ? null : computedValues,
    hidden: facts && { outputConfigValues: facts.outputConfigValues, outputSecrets: facts.outputSecrets },
    secrets: secretsIn(masker),
  };
}

/** The record that was described, with what its sources have as it is. */
export function recordOf({ secrets, hidden, ...described }: DescribedRecord, sources: RecordSources): ReleaseRecord {
  const { configValues, facts } = givenIn(sources);
  return {
    ...described,
    configValues: described.configValues ?? configValues,
    computedValues: described.computedValues ?? sources.computedValues,
    facts: facts && { ...facts, ...hidden },
    masker: maskerFrom(secrets),
  };
}

/** What is in the sources; the same objects each time. */
function givenIn({ releaseConfig, config, context }: RecordSources) {
  const own = readReleaseFacts(releaseConfig);
  return { configValues: own?.configValues ?? config, facts: own ?? context.earlier };
}
