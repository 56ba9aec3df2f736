import type { MetaInfoValues } from '../../../contract/schemas/metainfo.ts';
import type { JsonObject } from '../json/json.ts';
import { asNumber, valueAt } from '../json/json-reading.ts';
import type { Attempt } from '../revisions/applied-revision.ts';
import type { HelmStatus } from '../revisions/helm-status.ts';
import type { MemoryUnit } from '../metainfo/memory-unit.ts';
import { metainfoOf } from '../metainfo/chart-metainfo.ts';
import { readMetainfoValues } from '../metainfo/metainfo-values.ts';
import { hiddenOutputs } from './recorded-outputs.ts';
import type { Masker } from '../masking/masker.ts';
import { hasPausePlugin } from '../workloads/pause-state.ts';
import { readReleaseFacts, type ReleaseFacts } from './release-facts.ts';
import { releaseKey, type ReleaseKey } from '../names/release-key.ts';
import type { SealState } from '../seals/seal-state.ts';
import { secretRulesOf } from '../metainfo/secret-rules.ts';
import type { SecretRules } from '../secrets/secret-values.ts';
import type { RecordedRevision } from './recorded-revision.ts';
import { type RecordedRef, removesItself } from '../status/passing-jobs.ts';
import { secretsByFacts } from './revision-secrets.ts';

export type { RecordedRevision };

/**
 * The newest revision was not written by Walm, or was changed since: `revision` is the newest sealed one (0: there is
 * none), `since` is when a later one was first written (RFC 3339).
 */
export type OutsideChange = { revision: number; since: string };

/**
 * The applied revision of a release in Walm's terms: everything that an answer needs apart from the live state of its
 * objects. Reveals no secret: secret values are `***`, manifests are not included, and the masker's secrets cannot be
 * read from it.
 */
export type ReleaseRecord = {
  key: ReleaseKey;
  namespace: string;
  name: string;
  /** Number of the Helm revision, starting at 1. */
  revision: number;
  status: HelmStatus;
  description: string;
  /** RFC 3339: when the revision was written. */
  updated: string;
  chartName: string;
  chartVersion: string;
  chartAppVersion: string;
  configValues: JsonObject;
  computedValues: JsonObject;
  /** Null if the chart has no metainfo. */
  metaInfoValues: MetaInfoValues | null;
  /** Objects of the manifest in Helm's order, without hooks and without the ReleaseConfig. */
  objects: RecordedRef[];
  /** Null for a release that Walm never changed. */
  facts: ReleaseFacts | null;
  /** Expressions by output name: those of the chart, overridden by those of requests. */
  outputs: Record<string, string>;
  outside: OutsideChange | null;
  /**
   * Identifies the exact earlier records that `facts` and `outside` follow from after a change from outside: with others
   * they would be others.
   */
  earlier: string;
  /** The newest revision, if it is not this one: it failed, or is in progress. */
  attempt: Attempt | null;
  /** Whether Walm may change this revision automatically, and with whose identity. */
  seal: SealState;
  /** Whether the objects of this revision are paused, regardless of its author. */
  paused: boolean;
  /** Number of its test hooks. */
  tests: number;
  notes: string;
  /** Masks the secrets of the revision in texts of its objects and elsewhere. */
  masker: Masker;
};

/** What has to be known besides the revision itself. */
export type RecordContext = {
  /** Facts of the newest stored earlier revision that has them; null: none, or not needed. */
  earlier: ReleaseFacts | null;
  /** The newest stored earlier revision with a valid seal, and when the first change after it was made. */
  sealedBefore?: OutsideChange | null;
  /** When the oldest stored revision was written, RFC 3339: since when a foreign release is foreign. */
  firstWritten: string;
  /** Unit of memory in `metaInfoValues`; absent is Gi. */
  memoryUnit?: MemoryUnit;
};

/** How much there is in a record to list, to index and to follow: its objects, dependencies and outputs. */
export function partsOf({ objects, facts, outputs }: Pick<ReleaseRecord, 'objects' | 'facts' | 'outputs'>): number {
  const { dependencies = {}, injected = [] } = facts ?? {};
  return objects.length + Object.keys(dependencies).length + injected.length + Object.keys(outputs).length;
}

/** The newest revision of a release and its status, whether it was applied or not. */
export function newestOf({ revision, status, attempt }: Pick<ReleaseRecord, 'revision' | 'status' | 'attempt'>) {
  return attempt === null ? { revision, status } : { revision: attempt.revision, status: attempt.status };
}

/**
 * The record of the applied revision, with the newest revision above it: only its outcome is shown, and none of its
 * secrets, which `own` masks.
 */
export function withAttempt(
  record: ReleaseRecord,
  newest: Pick<RecordedRevision, 'revision' | 'status' | 'updated' | 'description'>,
  own: Masker,
): ReleaseRecord {
  const { revision, status, updated: at, description } = newest;
  const masker = record.masker.and(own);
  return { ...record, attempt: { revision, status, at, message: masker.text(description) }, masker };
}

const SCALED_KINDS = new Set(['Deployment', 'StatefulSet', 'ReplicaSet']);

/**
 * Whether a revision is paused according to its facts, or Walm's earlier facts. A change from outside may have undone
 * the pause: then the manifest that was applied decides (decision 5: changes made outside Walm).
 */
export function isPausedRevision(
  { releaseConfig, objects }: Pick<RecordedRevision, 'releaseConfig' | 'objects'>,
  facts: ReleaseFacts | null,
): boolean {
  if (facts === null || !hasPausePlugin(facts.plugins)) {
    return false;
  }
  const scaled = objects.filter(({ kind }) => SCALED_KINDS.has(kind));
  const appliesNothing = scaled.every(({ object }) => asNumber(valueAt(object, 'spec', 'replicas'), 1) === 0);
  return readReleaseFacts(releaseConfig) !== null || appliesNothing;
}

/** Also masks secret outputs of a revision that is older than the rules, or was written by plain Helm. */
function withoutSecretOutputs(facts: ReleaseFacts, revision: RecordedRevision, rules: SecretRules): ReleaseFacts {
  const { outputConfig, outputSecrets } = hiddenOutputs(facts, revision, rules);
  return { ...facts, outputConfigValues: outputConfig, outputSecrets };
}

/**
 * Computes the record of a revision; facts come from the revision, or from `earlier` if plain Helm wrote it (decision
 * 5: changes made outside Walm).
 */
export function toReleaseRecord(revision: RecordedRevision, context: RecordContext): ReleaseRecord {
  const own = readReleaseFacts(revision.releaseConfig);
  const known = own ?? context.earlier;
  const metainfo = metainfoOf(revision.metaFiles);
  const layers = known === null ? [] : [known.configValues, known.dependenciesConfigValues];
  const rules = secretRulesOf(revision.schemas, metainfo, layers);
  const { masker, values } = secretsByFacts(revision, known);
  const computedValues = values(revision.computedValues);
  const facts = known === null ? null : withoutSecretOutputs(known, revision, rules);
  return {
    key: releaseKey(revision.namespace, revision.name),
    namespace: revision.namespace,
    name: revision.name,
    revision: revision.revision,
    status: revision.status,
    description: masker.text(revision.description),
    updated: revision.updated,
    chartName: revision.chartName,
    chartVersion: revision.chartVersion,
    chartAppVersion: revision.appVersion,
    configValues: values(own?.configValues ?? revision.config),
    computedValues,
    metaInfoValues: metainfo === null ? null : readMetainfoValues(metainfo, computedValues, context.memoryUnit),
    objects: revision.objects
      .filter(({ kind }) => kind !== 'ReleaseConfig')
      .map(({ object, apiVersion, kind, namespace, name, digest }) => {
        const ref = { apiVersion, kind, namespace, name };
        return removesItself(ref, object) ? { ...ref, removesItself: true, ...(digest && { digest }) } : ref;
      }),
    facts,
    outputs: { ...metainfo?.outputs, ...facts?.outputs },
    outside:
      own !== null && revision.seal.sealed
        ? null
        : (context.sealedBefore ?? { revision: 0, since: context.firstWritten }),
    earlier: '',
    attempt: null,
    seal: revision.seal,
    paused: isPausedRevision(revision, facts),
    tests: (revision.hooks ?? []).filter(({ events = [] }) => events.includes('test')).length,
    notes: masker.text(revision.notes),
    masker,
  };
}
