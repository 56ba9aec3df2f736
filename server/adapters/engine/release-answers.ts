import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { nullable } from '../../../contract/schemas/json.ts';
import type { JsonObject, JsonValue } from '../../domain/json/json.ts';
import { asObject } from '../../domain/json/json-reading.ts';
import { HELM_STATUSES } from '../../domain/revisions/helm-status.ts';
import { NO_SEAL } from '../../domain/seals/seal-state.ts';
import type { RecordSeals } from '../../ports/storage/record-seals.ts';
import type { HelmHook, HelmRelease, HelmReleaseSummary, RecordedFailure } from '../../ports/helm/helm-release.ts';
import { metaFiles, valuesSchemas, wireSchemas } from './chart-answers.ts';
import { engineWarnings, hookFacts, parseDocuments, wireWarnings } from './document-answers.ts';
import { answerNotUnderstood, problemOfAnswer } from './engine-problem.ts';
import { jsonObject, text, textMap } from './json-schemas.ts';
import { spilledText, type SpillFolder } from './spilled-text.ts';

const summaryFields = {
  name: text,
  namespace: text,
  revision: Type.Integer(),
  status: Type.Enum([...HELM_STATUSES]),
  chartName: text,
  chartVersion: text,
  appVersion: text,
  updated: text,
  firstDeployed: text,
  description: text,
  labels: textMap,
};

const summaries = Compile(Type.Array(Type.Object(summaryFields)));
const hooks = Compile(
  Type.Array(
    Type.Object({
      ...hookFacts,
      name: text,
      kind: text,
      apiVersion: text,
      path: text,
      manifest: text,
      ran: Type.Optional(Type.Boolean()),
    }),
  ),
);
/** The fields that a seal covers, and the seal: absent for a revision that is still to be sealed. */
export const sealFields = {
  namespace: text,
  name: text,
  revision: Type.Integer(),
  chartDigest: text,
  configDigest: text,
  manifestDigest: text,
  hooksDigest: text,
  factsDigest: text,
};
const sealedFacts = Type.Object({ ...sealFields, text });

const release = Compile(
  Type.Object({
    ...summaryFields,
    config: spilledText,
    computedValues: nullable(spilledText),
    manifest: spilledText,
    hooks: spilledText,
    notes: text,
    chartMetadata: Type.Union([jsonObject, Type.Null()]),
    objects: spilledText,
    releaseConfig: nullable(spilledText),
    hasConfig: Type.Optional(Type.Boolean()),
    configAt: Type.Optional(Type.Integer()),
    schemas: wireSchemas,
    metaFiles: textMap,
    seal: nullable(sealedFacts),
    failure: Type.Optional(Type.Unknown()),
    warnings: wireWarnings,
  }),
);

/** What parsing an answer needs: where long texts are, and who checks seals (null: none is valid). */
export type AnswerReader = { spill: SpillFolder; seals: Pick<RecordSeals, 'judge'> | null };

/** A recorded revision; throws INTERNAL if the engine sent anything else. */
export async function parseRelease(
  answer: unknown,
  method: string,
  { spill, seals }: AnswerReader,
): Promise<HelmRelease> {
  if (!release.Check(answer)) throw answerNotUnderstood(method);
  const { config: givenValues, computedValues, manifest, hooks: recordedHooks, objects, schemas, ...others } = answer;
  const { releaseConfig: recordedConfig, configAt, hasConfig, failure, ...rest } = others;
  const config = asObject(await spill.json(givenValues));
  const own = recordedConfig === null ? null : asObject(await spill.json(recordedConfig));
  const releaseConfig = own === null || hasConfig !== true ? own : withConfig(own, config);
  return {
    ...rest,
    config,
    computedValues: computedValues === null ? config : asObject(await spill.json(computedValues)),
    manifest: await spill.text(manifest),
    hooks: parseHooks(await spill.json(recordedHooks), method),
    chartMetadata: answer.chartMetadata ?? {},
    releaseConfig,
    // Its content is removed from the objects, because it may be most of the answer.
    objects: parseDocuments(await spill.json(objects), method).map((document, at) =>
      at === configAt && releaseConfig !== null ? { ...document, object: releaseConfig } : document,
    ),
    schemas: valuesSchemas(schemas),
    metaFiles: metaFiles(answer.metaFiles),
    ...(await sealOf(answer.seal, seals)),
    ...(failure !== undefined && { failure: failureOf(failure, method) }),
    warnings: engineWarnings(answer.warnings),
  };
}

/** A ReleaseConfig whose values are those of the release: large ones are transferred, and held, once. */
function withConfig(releaseConfig: JsonObject, config: JsonObject): JsonObject {
  return { ...releaseConfig, spec: { ...asObject(releaseConfig['spec']), configValues: config } };
}

function failureOf(answer: unknown, method: string): RecordedFailure {
  const { code, message, details } = problemOfAnswer(answer, method);
  return { code, message, details: { ...details } };
}

async function sealOf(
  found: Static<typeof sealedFacts> | null,
  seals: AnswerReader['seals'],
): Promise<Pick<HelmRelease, 'seal' | 'judged'>> {
  if (found === null || seals === null) return { seal: NO_SEAL };
  const { text: seal, ...facts } = found;
  const state = await seals.judge(seal, facts);
  return { seal: state, ...(state.sealed && { judged: found }) };
}

function parseHooks(answer: JsonValue, method: string): HelmHook[] {
  if (!hooks.Check(answer)) throw answerNotUnderstood(method);
  return answer;
}

/** Revisions in the engine's order; throws INTERNAL if the engine sent anything else. */
export function parseSummaries(answer: unknown, method: string): HelmReleaseSummary[] {
  if (!summaries.Check(answer)) throw answerNotUnderstood(method);
  return answer;
}
