import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { AnyObject, nullable, TextMap } from '../../../contract/schemas/json.ts';
import { MetaInfoValues } from '../../../contract/schemas/metainfo.ts';
import { ReleasePlugin } from '../../../contract/schemas/plugin.ts';
import type { Caller } from '../access/caller.ts';
import { maskReference } from '../masking/mask-reference.ts';
import { NO_SECRETS } from '../masking/masker.ts';
import { maskFields } from '../masking/shown-release.ts';
import { HELM_STATUSES } from '../revisions/helm-status.ts';
import type { ReleaseFacts } from '../release/release-facts.ts';
import { releaseKey, type ReleaseKey } from '../names/release-key.ts';
import type { ReleaseRecord } from '../release/release-record.ts';

/** The rest of an identity is as Walm wrote it: copies are read only if they carry Walm's signature. */
const SealedBy = Type.Unsafe<Caller>(Type.Object({ user: Type.String(), groups: Type.Array(Type.String()) }));

const Seal = Type.Union([
  Type.Object({
    sealed: Type.Literal(true),
    by: nullable(SealedBy),
    at: Type.String(),
    operation: Type.String(),
  }),
  Type.Object({ sealed: Type.Literal(false), reason: Type.String() }),
]);

const Origin = Type.Object({
  kind: Type.Union([
    Type.Literal('archive'),
    Type.Literal('image'),
    Type.Literal('repository'),
    Type.Literal('record'),
  ]),
  ref: Type.String(),
  version: Type.String(),
  digest: Type.String(),
});

const source = { base64: Type.Optional(Type.Literal(true)) };

const OutputSecretFields = Type.Object({
  path: Type.Array(Type.String()),
  json: Type.Optional(Type.Literal(true)),
  parts: Type.Array(
    Type.Union([
      Type.Object({ text: Type.String() }),
      Type.Object({ values: Type.Array(Type.String()), ...source }),
      Type.Object({ secret: Type.Object({ name: Type.String(), key: Type.String() }), ...source }),
    ]),
  ),
});

const Facts = Type.Object({
  configValues: AnyObject,
  dependencies: TextMap,
  dependenciesConfigValues: AnyObject,
  injected: Type.Array(
    Type.Object({
      key: Type.String(),
      provider: Type.String(),
      digest: Type.String(),
      revision: Type.Integer(),
      outputs: TextMap,
    }),
  ),
  outputConfigValues: AnyObject,
  outputSecrets: Type.Array(OutputSecretFields),
  outputs: TextMap,
  commonValues: AnyObject,
  releaseLabels: TextMap,
  removedLabels: Type.Array(Type.String()),
  labels: TextMap,
  plugins: Type.Array(ReleasePlugin),
  repoName: Type.String(),
  chartImage: Type.String(),
  project: Type.String(),
  source: nullable(Origin),
  onFailure: Type.String(),
  strategy: nullable(AnyObject),
  pause: nullable(AnyObject),
  held: nullable(AnyObject),
});

/** Walm's own fields of a copy: together with those of the original they form the whole record. */
const WalmFields = Type.Object({
  /** The version and options that computed the record: another version may compute another one of the same revision. */
  maker: Type.String(),
  /**
   * The exact content of Helm's records (`shownMarks`): distinguishes it from another one with the same number, or
   * edited.
   */
  uid: Type.String(),
  status: Type.Enum([...HELM_STATUSES]),
  description: Type.String(),
  updated: Type.String(),
  facts: nullable(Facts),
  outputs: TextMap,
  outside: nullable(Type.Object({ revision: Type.Integer(), since: Type.String() })),
  earlier: Type.String(),
  attempt: nullable(
    Type.Object({
      revision: Type.Integer(),
      status: Type.Enum([...HELM_STATUSES]),
      at: Type.String(),
      message: Type.String(),
    }),
  ),
  seal: Seal,
  paused: Type.Boolean(),
  tests: Type.Integer({ minimum: 0 }),
  notes: Type.String(),
  /**
   * Whether there is anything to mask in its objects' texts: that is not stored here, and so read from Helm's record.
   */
  hasSecrets: Type.Boolean(),
});

/** A release in the hash `walm-releases`: the original Walm's ReleaseCache, and Walm's own fields below `walm`. */
const SharedRelease = Type.Object({
  name: Type.String(),
  repoName: Type.String(),
  configValues: AnyObject,
  version: Type.Integer({ minimum: 1 }),
  namespace: Type.String(),
  dependencies: TextMap,
  chartName: Type.String(),
  chartVersion: Type.String(),
  chartAppVersion: Type.String(),
  releaseResourceMetas: Type.Array(
    Type.Object({
      kind: Type.String(),
      namespace: Type.String(),
      name: Type.String(),
      apiVersion: Type.String(),
      removesItself: Type.Optional(Type.Literal(true)),
    }),
  ),
  computedValues: AnyObject,
  metaInfoValues: nullable(MetaInfoValues),
  manifest: Type.String(),
  walm: WalmFields,
});
export type SharedRelease = Static<typeof SharedRelease>;

const validator = Compile(SharedRelease);

/** What a copy contains besides the record: its maker, and the manifest without secrets. */
export type CopyFacts = { maker: string; uid: string; manifest: string };

/** The copy of a record. The same record always gives the same text. */
export function sharedRelease(record: ReleaseRecord, { maker, uid, manifest }: CopyFacts): SharedRelease {
  const { status, updated, facts, outputs, outside, earlier, seal, paused, tests, masker } = record;
  const { configValues, computedValues, metaInfoValues, description, notes, attempt } = shownOf(record);
  return {
    name: record.name,
    repoName: facts?.repoName ?? '',
    configValues,
    version: record.revision,
    namespace: record.namespace,
    dependencies: facts?.dependencies ?? {},
    chartName: record.chartName,
    chartVersion: record.chartVersion,
    chartAppVersion: record.chartAppVersion,
    releaseResourceMetas: record.objects.map(({ kind, namespace, name, apiVersion, removesItself }) => ({
      ...maskReference({ kind, namespace, name, apiVersion }, masker),
      ...(removesItself && { removesItself }),
    })),
    computedValues,
    metaInfoValues,
    manifest,
    walm: {
      maker,
      uid,
      status,
      description,
      updated,
      facts: facts && maskFields(facts, masker),
      outputs: maskFields({ outputs }, masker).outputs,
      outside,
      earlier,
      attempt,
      seal,
      paused,
      tests,
      notes,
      hasSecrets: !masker.isEmpty,
    },
  };
}

/** What may repeat what is secret in another revision. */
function shownOf({
  configValues,
  computedValues,
  metaInfoValues,
  description,
  notes,
  attempt,
  masker,
}: Omit<ReleaseRecord, 'facts'>) {
  return maskFields({ configValues, computedValues, metaInfoValues, description, notes, attempt }, masker);
}

/** Parses the copy of a release; null if the text is not one. */
export function readSharedRelease(key: ReleaseKey, text: string): SharedRelease | null {
  const value = parseJson(text);
  return validator.Check(value) && releaseKey(value.namespace, value.name) === key ? value : null;
}

/** The record that a copy was made of, of a release without secrets. */
export function recordOfShared({ walm, ...shared }: SharedRelease): ReleaseRecord {
  const { status, description, updated, outputs, outside, earlier, attempt, seal, paused, tests, notes } = walm;
  return {
    key: releaseKey(shared.namespace, shared.name),
    namespace: shared.namespace,
    name: shared.name,
    revision: shared.version,
    status,
    description,
    updated,
    chartName: shared.chartName,
    chartVersion: shared.chartVersion,
    chartAppVersion: shared.chartAppVersion,
    configValues: shared.configValues,
    computedValues: shared.computedValues,
    metaInfoValues: shared.metaInfoValues,
    objects: shared.releaseResourceMetas.map(({ apiVersion, kind, namespace, name, removesItself }) => ({
      apiVersion,
      kind,
      namespace,
      name,
      ...(removesItself && { removesItself }),
    })),
    facts: walm.facts satisfies ReleaseFacts | null,
    outputs,
    outside,
    earlier,
    attempt,
    seal,
    paused,
    tests,
    notes,
    masker: NO_SECRETS,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
