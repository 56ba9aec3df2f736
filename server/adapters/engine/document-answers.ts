import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import type { JsonValue } from '../../domain/json/json.ts';
import { foldWarnings } from '../../domain/bounds/fold-warnings.ts';
import type { EngineWarning, ManifestDocument, ObjectRef } from '../../ports/helm/helm-release.ts';
import { answerNotUnderstood } from './engine-problem.ts';
import { jsonObject, text, texts } from './json-schemas.ts';

export const hookFacts = { events: texts, weight: Type.Integer(), deletePolicies: texts };

/** The name of a document and its position in a manifest. */
export const documentFacts = {
  index: Type.Integer(),
  source: text,
  apiVersion: text,
  kind: text,
  namespace: text,
  name: text,
};

const documents = Compile(
  Type.Array(
    Type.Object({
      ...documentFacts,
      hook: Type.Optional(Type.Object(hookFacts)),
      object: jsonObject,
      numbers: Type.Optional(Type.Array(texts)),
      digest: Type.Optional(text),
    }),
  ),
);

/** The objects of a manifest; throws INTERNAL if the engine sent anything else. */
export function parseDocuments(answer: JsonValue, method: string): ManifestDocument[] {
  if (!documents.Check(answer)) throw answerNotUnderstood(method);
  return answer;
}

/** A reference as the engine writes it: fields that do not apply are omitted. */
export const wireRef = Type.Object({
  apiVersion: Type.Optional(text),
  kind: Type.Optional(text),
  namespace: Type.Optional(text),
  name: Type.Optional(text),
});

export function objectRef(wire: Partial<ObjectRef>): ObjectRef {
  const { apiVersion = '', kind = '', namespace = '', name = '' } = wire;
  return { apiVersion, kind, namespace, name };
}

/** Warnings as the engine writes them: one per object. */
export const wireWarnings = Type.Array(
  Type.Object({
    code: text,
    message: text,
    object: Type.Optional(wireRef),
    count: Type.Optional(Type.Integer()),
    path: Type.Optional(text),
  }),
);

export function engineWarnings(wire: Static<typeof wireWarnings>): EngineWarning[] {
  const warnings = wire.map(({ code, message, object, count, path }) => ({
    code,
    message,
    ...(object && { object: objectRef(object) }),
    ...(count !== undefined && { count }),
    ...(path !== undefined && { path }),
  }));
  return foldWarnings(warnings);
}
