import { Type, type Static } from 'typebox';
import { AnyValue } from '../../../contract/schemas/json.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts';
import { parseApiVersion } from '../kube/kube-object.ts';
import type { ManifestDocument } from '../kube/manifest-document.ts';
import { applyJsonPatch } from '../patch/json-patch.ts';
import { checkLevels } from '../patch/levels.ts';
import { applyMergePatch } from '../patch/merge-patch.ts';
import { PatchFailed } from '../patch/patch-failed.ts';
import { createPatchWork, type PatchWork } from '../patch/patch-work.ts';
import { kindName } from '../patch/strategic-merge-keys.ts';
import { applyStrategicMerge } from '../patch/strategic-merge.ts';
import { judgeChange } from '../patchable/judge-change.ts';
import { kindRules, patchablePaths, pathsOf } from '../patchable/kind-paths.ts';
import { addedPrivileges } from '../patchable/new-containers.ts';
import { sortedJson } from '../json/sorted-json.ts';
import { definePlugin, type PluginContext, refused } from './plugin.ts';

const NAME = 'CustomPatch';

const Patch = Type.Object({
  target: Type.Object({
    kind: Type.String({ minLength: 1 }),
    name: Type.String({ minLength: 1 }),
    apiVersion: Type.Optional(Type.String({ description: 'Only needed where two groups have the kind.' })),
  }),
  type: Type.Union([Type.Literal('json'), Type.Literal('merge'), Type.Literal('strategic')], {
    description: 'JSON patch (RFC 6902), JSON merge patch (RFC 7386), or strategic merge patch as of `kubectl patch`.',
  }),
  patch: Type.Unsafe<JsonValue>({ ...AnyValue, description: 'An array of operations for `json`, else an object.' }),
});
type Patch = Static<typeof Patch>;

/** Maximum patches of a release. */
const MAX_PATCHES = 100;

/** Patches single objects. */
export const customPatch = definePlugin({
  name: NAME,
  version: '1.0',
  description:
    'Patches objects of the chart, hooks included, one after the other. What a patch may change is a list (`allows`): paths of some kinds, with what may become of what lies there. It is the difference between what the chart rendered and what all patches made of it that is judged; everything else stays as the chart has it, and a patch that would change it is refused.',
  touchesHooks: true,
  mergesLists: true,
  allows: patchablePaths(),
  args: Type.Object({ patches: Type.Array(Patch, { minItems: 1, maxItems: MAX_PATCHES }) }),
  example: {
    patches: [
      {
        target: { kind: 'Deployment', name: 'web' },
        type: 'strategic',
        patch: {
          spec: { template: { spec: { containers: [{ name: 'web', env: [{ name: 'LEVEL', value: 'debug' }] }] } } },
        },
      },
    ],
  },
  apply: (documents, { patches }, context) => {
    const find = finder(documents);
    const work = createPatchWork();
    const patched = new Map<number, Patched>();
    patches.forEach((patch, index) => {
      const found = find(patch, index);
      const so = patched.get(found.index) ?? { document: found, now: found.object, by: [] };
      const by = [...so.by, index];
      patched.set(found.index, {
        ...so,
        by,
        now: patchObject({ ...so, by }, patch, { work, mergeKeys: context.mergeKeys }),
      });
    });
    const changed = [...patched.values()]
      .filter((each) => isChanged(each, context))
      .map(({ document, now }) => ({ index: document.index, object: now }))
      .toSorted((a, b) => a.index - b.index);
    return { changed, added: [], warnings: [] };
  },
});

/** A document with the result of its patches, and their positions. */
type Patched = { document: ManifestDocument; now: JsonObject; by: number[] };

/** The kinds among these that can be patched, each once. */
export function patchableKinds<Kind extends { apiVersion: string; kind: string }>(
  kinds: readonly Kind[],
): { apiVersion: string; kind: string }[] {
  const found = new Map(
    kinds
      .filter(({ apiVersion, kind }) => pathsOf(parseApiVersion(apiVersion).group, kind) !== undefined)
      .map(({ apiVersion, kind }) => [kindName({ apiVersion, kind }), { apiVersion, kind }]),
  );
  return [...found.values()];
}

/** Finds the target of a patch. */
function finder(documents: readonly ManifestDocument[]): (patch: Patch, index: number) => ManifestDocument {
  const byName = Map.groupBy(documents, ({ kind, name }) => `${kind.toLowerCase()}/${name}`);
  return ({ target: { kind, name, apiVersion } }, index) => {
    const all = byName.get(`${kind.toLowerCase()}/${name}`) ?? [];
    const fitting = apiVersion === undefined ? all : all.filter((each) => each.apiVersion === apiVersion);
    const [found] = fitting;
    if (found === undefined) {
      throw refused(NAME, `patch ${index}: the chart has no ${kind} ${name}`);
    }
    const other = fitting.find((each) => each.apiVersion !== found.apiVersion);
    if (other !== undefined) {
      throw refused(
        NAME,
        `patch ${index}: there are ${found.apiVersion} and ${other.apiVersion}: name one in the target`,
      );
    }
    return found;
  };
}

function refusal({ document, by }: Patched, reason: string): Error {
  const patches = by.length === 1 ? `patch ${by[0]}` : `patches ${by.slice(0, 10).join(', ')}`;
  return refused(NAME, `${patches} of ${document.kind} ${document.name}: ${reason}`, document);
}

/** What the patches of a release share: how much they may do, and how the cluster merges lists. */
type Means = Pick<PluginContext, 'mergeKeys'> & { work: PatchWork };

function patchObject(target: Patched, patch: Patch, means: Means): JsonObject {
  const { apiVersion, kind } = target.document;
  if (pathsOf(parseApiVersion(apiVersion).group, kind) === undefined) {
    throw refusal(
      target,
      `objects of kind ${kind} (${apiVersion}) cannot be patched; patches are for ${Object.keys(kindRules).join(', ')}`,
    );
  }
  const result = attempt(target, () => applied(target, patch, means));
  if (!isJsonObject(result)) {
    throw refusal(target, 'the result is not an object');
  }
  return result;
}

function applied({ document, now }: Patched, { type, patch }: Patch, { work, mergeKeys }: Means): JsonValue {
  checkLevels(patch);
  switch (type) {
    case 'json':
      if (!Array.isArray(patch) || !patch.every(isJsonObject)) {
        throw new PatchFailed('a JSON patch is an array of operations');
      }
      return applyJsonPatch(now, patch, work);
    case 'merge':
      return applyMergePatch(now, patch);
    case 'strategic':
      if (!isJsonObject(patch)) {
        throw new PatchFailed('a strategic merge patch is an object');
      }
      return applyStrategicMerge(now, patch, mergeKeys[kindName(document)] ?? {});
    default:
      return type satisfies never;
  }
}

/**
 * Whether the patches changed anything.
 * @throws PLUGIN_REFUSED if they changed more than the list allows
 */
function isChanged(target: Patched, { metadataDomains }: PluginContext): boolean {
  const { document, now } = target;
  attempt(target, () => checkLevels(now));
  if (sortedJson(now) === sortedJson(document.object)) {
    return false;
  }
  const { group } = parseApiVersion(document.apiVersion);
  const faults = judgeChange(document.object, now, pathsOf(group, document.kind) ?? {}, metadataDomains);
  if (faults.length > 0) {
    const list = faults.map(
      ({ path, allowed }) => `${path || 'the whole of it'} cannot be changed so (allowed: ${allowed})`,
    );
    throw refusal(target, `${list.join('; ')}; GET /api/v1/plugin lists all that patches may change`);
  }
  const pod = (kindRules[document.kind]?.pod ?? '').split('/').filter((step) => step !== '');
  const added = addedPrivileges(document.object, now, pod);
  if (added.length > 0) {
    throw refusal(
      target,
      `a container that is added may do no more than one that the chart has: ${added.slice(0, 5).join('; ')}`,
    );
  }
  return true;
}

function attempt<T>(target: Patched, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw error instanceof PatchFailed ? refusal(target, error.message) : error;
  }
}
