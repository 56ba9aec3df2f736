import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { asObject } from '../../domain/json/json-reading.ts';
import type { MergeKeys } from '../../domain/patch/strategic-merge-keys.ts';
import type { RemovedInstall, UninstalledRelease } from '../../ports/helm/helm-changes.ts';
import type { ForetoldRemoval, ServedResource } from '../../ports/helm/helm-reader.ts';
import type { RenderedRelease } from '../../ports/helm/helm-release.ts';
import { engineWarnings, objectRef, parseDocuments, wireRef, wireWarnings } from './document-answers.ts';
import { answerNotUnderstood, problemOfAnswer } from './engine-problem.ts';
import { text, textMap, texts } from './json-schemas.ts';
import { spilledText, type SpillFolder } from './spilled-text.ts';

const fates = Type.Array(
  Type.Object({ object: wireRef, outcome: Type.Enum(['deleted', 'kept', 'gone', 'unknown']), reason: text }),
);
const removals = Compile(fates);
const rendered = Compile(
  Type.Object({
    manifest: spilledText,
    documents: spilledText,
    hooks: spilledText,
    crds: spilledText,
    removals: spilledText,
    notes: text,
    computedValues: spilledText,
    warnings: wireWarnings,
  }),
);
const uninstalled = Compile(
  Type.Object({ name: text, namespace: text, revision: Type.Integer(), warnings: wireWarnings }),
);
const foretold = Compile(
  Type.Object({
    revision: Type.Integer(),
    objects: fates,
    warnings: wireWarnings,
    refused: Type.Optional(Type.Unknown()),
  }),
);
const removedInstall = Compile(Type.Object({ removed: Type.Array(wireRef), kept: Type.Array(wireRef) }));
const mergeKeys = Compile(Type.Object({ kinds: Type.Array(textMap) }));
const resources = Compile(
  Type.Object({
    resources: Type.Array(
      Type.Object({ group: text, version: text, kind: text, plural: text, namespaced: Type.Boolean(), verbs: texts }),
    ),
  }),
);

export async function parseRendered(answer: unknown, spill: SpillFolder): Promise<RenderedRelease> {
  const method = 'release/render';
  if (!rendered.Check(answer)) throw answerNotUnderstood(method);
  const removed = await spill.json(answer.removals);
  if (!removals.Check(removed)) throw answerNotUnderstood(method);
  return {
    manifest: await spill.text(answer.manifest),
    documents: parseDocuments(await spill.json(answer.documents), method),
    hooks: parseDocuments(await spill.json(answer.hooks), method),
    crds: parseDocuments(await spill.json(answer.crds), method),
    removals: removed.map((one) => ({ ...one, object: objectRef(one.object) })),
    notes: answer.notes,
    computedValues: asObject(await spill.json(answer.computedValues)),
    warnings: engineWarnings(answer.warnings),
  };
}

export function parseUninstalled(answer: unknown): UninstalledRelease {
  if (!uninstalled.Check(answer)) throw answerNotUnderstood('release/uninstall');
  return { ...answer, warnings: engineWarnings(answer.warnings) };
}

export function parseForetold(answer: unknown): ForetoldRemoval {
  if (!foretold.Check(answer)) throw answerNotUnderstood('release/foretellRemoval');
  const { revision, objects, warnings, refused } = answer;
  return {
    revision,
    objects: objects.map((one) => ({ ...one, object: objectRef(one.object) })),
    warnings: engineWarnings(warnings),
    ...(refused !== undefined && { refused: problemOfAnswer(refused, 'release/foretellRemoval') }),
  };
}

export function parseRemovedInstall(answer: unknown): RemovedInstall {
  if (!removedInstall.Check(answer)) throw answerNotUnderstood('release/removeFailedInstall');
  return { removed: answer.removed.map(objectRef), kept: answer.kept.map(objectRef) };
}

/** How the lists of kinds are merged, of as many as were asked for. */
export function parseMergeKeys(answer: unknown, wanted: number): MergeKeys[] {
  if (!mergeKeys.Check(answer) || answer.kinds.length !== wanted) throw answerNotUnderstood('objects/mergeKeys');
  return answer.kinds;
}

export function parseResources(answer: unknown): ServedResource[] {
  if (!resources.Check(answer)) throw answerNotUnderstood('objects/resources');
  return answer.resources;
}
