import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { nullable } from '../../../contract/schemas/json.ts';
import type { JsonValue } from '../../domain/json/json.ts';
import type { DocumentChanges } from '../../domain/kube/manifest-document.ts';
import type { DocumentTransform } from '../../ports/helm/release-content.ts';
import type { SealFacts } from '../../domain/seals/record-seal.ts';
import { parseDocuments } from './document-answers.ts';
import { answerNotUnderstood } from './engine-problem.ts';
import { jsonObject, text, textMap, texts } from './json-schemas.ts';
import { sealFields } from './release-answers.ts';
import { spilledText, type SpilledText, type SpillFolder } from './spilled-text.ts';

const question = Compile(
  Type.Object({
    token: text,
    recorded: Type.Boolean(),
    compared: Type.Boolean(),
    documents: spilledText,
    /** Kinds by API version. */
    served: Type.Record(Type.String(), texts),
  }),
);

const outputsQuestion = Compile(Type.Object({ token: text, outputs: spilledText }));

const shippedOutputs = Compile(
  Type.Object({
    outputConfig: Type.Unsafe<JsonValue>(Type.Any()),
    computedValues: nullable(jsonObject),
    secrets: Type.Array(Type.Object({ name: text, data: textMap })),
  }),
);

const sealQuestion = Compile(Type.Object({ token: text, facts: Type.Object({ ...sealFields, text }) }));

/** The callbacks of the server during an operation. */
type OperationPart = {
  transform?: DocumentTransform;
  /** Returns the seal of the revision that is about to be written; absent: it gets none. */
  seal?: (facts: SealFacts) => Promise<string>;
};

/** Routes the engine's callbacks to the operations that they belong to. */
export type DocumentTransforms = {
  /** Registers the callbacks of a running call under a name; `failure` returns what a callback threw, if it did. */
  register(part: OperationPart): { name: string; forget(): void; failure(): unknown };
  /** Answers `documents/transform` with a text of the changes; rejects with what the transform threw. */
  answer(params: unknown, spill: SpillFolder): Promise<SpilledText>;
  /** Answers `outputs/secrets` with a text of the secrets in a chart's outputs and in the recorded values. */
  hideSecrets(params: unknown, spill: SpillFolder): Promise<SpilledText>;
  /** Answers `release/seal`; rejects with what creating the seal threw. */
  seal(params: unknown): Promise<{ seal: string }>;
};

export function createDocumentTransforms(): DocumentTransforms {
  const method = 'documents/transform';
  type Running = OperationPart & { failure?: unknown };
  const running = new Map<string, Running>();
  let count = 0;

  return {
    register(part) {
      const name = `t${++count}`;
      const entry: Running = { ...part };
      running.set(name, entry);
      return { name, forget: () => void running.delete(name), failure: () => entry.failure };
    },
    async answer(params, spill) {
      if (!question.Check(params)) throw answerNotUnderstood(method);
      const documents = parseDocuments(await spill.json(params.documents), method);
      const entry = running.get(params.token);
      if (entry?.transform === undefined) throw answerNotUnderstood(method);
      const kinds = new Map(Object.entries(params.served).map(([version, served]) => [version, new Set(served)]));
      const served = (apiVersion: string, kind: string) => kinds.get(apiVersion)?.has(kind) === true;
      try {
        const { recorded, compared } = params;
        const changes: DocumentChanges = await entry.transform.run(documents, { recorded, compared, served });
        return await spill.write(JSON.stringify(changes));
      } catch (error) {
        entry.failure = error;
        throw error;
      }
    },
    async hideSecrets(params, spill) {
      const asked = 'outputs/secrets';
      const entry = outputsQuestion.Check(params) ? running.get(params.token) : undefined;
      if (!outputsQuestion.Check(params) || entry === undefined) throw answerNotUnderstood(asked);
      const shipped = await spill.json(params.outputs);
      if (!shippedOutputs.Check(shipped)) throw answerNotUnderstood(asked);
      const hidden = await entry.transform?.hideSecrets?.({ ...shipped, computedValues: shipped.computedValues ?? {} });
      return spill.write(JSON.stringify(hidden ?? { outputs: [], spec: {} }));
    },
    async seal(params) {
      const asked = 'release/seal';
      if (!sealQuestion.Check(params)) throw answerNotUnderstood(asked);
      const entry = running.get(params.token);
      if (entry?.seal === undefined) throw answerNotUnderstood(asked);
      const { text: _none, ...facts } = params.facts;
      try {
        return { seal: await entry.seal(facts) };
      } catch (error) {
        entry.failure = error;
        throw error;
      }
    },
  };
}
