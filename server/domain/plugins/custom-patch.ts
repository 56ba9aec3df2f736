import { Type, type Static } from 'typebox';
import { AnyValue } from '../../../contract/json.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json.ts';
import { asObject, valueAt } from '../json-reading.ts';
import { parseApiVersion } from '../kube-object.ts';
import type { ManifestDocument } from '../manifest-document.ts';
import { applyJsonPatch } from '../patch/json-patch.ts';
import { applyMergePatch } from '../patch/merge-patch.ts';
import { PatchFailed } from '../patch/patch-failed.ts';
import { hasMergeKeys } from '../patch/strategic-merge-keys.ts';
import { applyStrategicMerge } from '../patch/strategic-merge.ts';
import { loosenedPrivileges } from '../security-loosening.ts';
import { sortedJson } from '../sorted-json.ts';
import { definePlugin, refused } from './plugin.ts';

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

/** What decides over the rights of others, or over what pods may do. */
const UNTOUCHABLE_GROUPS = new Set(['rbac.authorization.k8s.io', 'authorization.openshift.io']);
const UNTOUCHABLE_KINDS = new Set(['PodSecurityPolicy', 'SecurityContextConstraints', 'List']);
const POD_SECURITY_LABEL = 'pod-security.kubernetes.io/';

/** Patches single objects. */
export const customPatch = definePlugin({
  name: NAME,
  version: '1.0',
  description:
    'Patches objects of the chart, hooks included, one after the other. Never roles and role bindings, never what an object is (API version, kind, name, namespace), and never so that pods may do more than before: privileged, root, capabilities, host namespaces, ports and paths, privilege escalation, seccomp and AppArmor profiles, another service account.',
  touchesHooks: true,
  args: Type.Object({ patches: Type.Array(Patch, { minItems: 1 }) }),
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
  apply: (documents, { patches }) => {
    const objects = new Map<number, JsonObject>();
    patches.forEach((patch, index) => {
      const found = findTarget(documents, patch, index);
      const document = { ...found, object: objects.get(found.index) ?? found.object };
      objects.set(found.index, patchDocument(document, patch, index));
    });
    const changed = documents.flatMap(({ index, object }) => {
      const now = objects.get(index);
      return now === undefined || sortedJson(now) === sortedJson(object) ? [] : [{ index, object: now }];
    });
    return { changed, added: [], warnings: [] };
  },
});

function findTarget(documents: readonly ManifestDocument[], { target }: Patch, index: number): ManifestDocument {
  const fitting = documents.filter(
    ({ kind, name, apiVersion }) =>
      kind.toLowerCase() === target.kind.toLowerCase() &&
      name === target.name &&
      (target.apiVersion === undefined || target.apiVersion === apiVersion),
  );
  const [found, other] = fitting;
  if (found === undefined) {
    throw refused(NAME, `patch ${index}: the chart has no ${target.kind} ${target.name}`);
  }
  if (other !== undefined && other.apiVersion !== found.apiVersion) {
    throw refused(
      NAME,
      `patch ${index}: there are ${found.apiVersion} and ${other.apiVersion}: name one in the target`,
    );
  }
  return found;
}

function patchDocument(document: ManifestDocument, patch: Patch, index: number): JsonObject {
  const { kind, name, apiVersion, object } = document;
  const fail = (reason: string) => refused(NAME, `patch ${index} of ${kind} ${name}: ${reason}`, document);
  if (UNTOUCHABLE_GROUPS.has(parseApiVersion(apiVersion).group) || UNTOUCHABLE_KINDS.has(kind)) {
    throw fail('objects that grant rights cannot be patched');
  }
  const patched = applied(object, patch, document, fail);
  const changedIdentity = IDENTITY.find(
    (path) => sortedJson(valueAt(patched, ...path) ?? null) !== sortedJson(valueAt(object, ...path) ?? null),
  );
  if (changedIdentity !== undefined) {
    throw fail(`${changedIdentity.join('.')} cannot be changed`);
  }
  const loosened = [...loosenedPrivileges(object, patched), ...changedPodSecurity(object, patched)];
  if (loosened.length > 0) {
    throw fail(`it would allow pods more than the chart does: ${loosened.slice(0, 5).join('; ')}`);
  }
  return patched;
}

const IDENTITY = [['apiVersion'], ['kind'], ['metadata', 'name'], ['metadata', 'namespace']];

function applied(
  object: JsonObject,
  { type, patch }: Patch,
  { kind, apiVersion }: ManifestDocument,
  fail: (reason: string) => Error,
): JsonObject {
  const result = attempt(() => {
    switch (type) {
      case 'json':
        if (!Array.isArray(patch) || !patch.every(isJsonObject)) {
          throw new PatchFailed('a JSON patch is an array of operations');
        }
        return applyJsonPatch(object, patch);
      case 'merge':
        return applyMergePatch(object, patch);
      case 'strategic':
        if (!isJsonObject(patch)) {
          throw new PatchFailed('a strategic merge patch is an object');
        }
        if (!hasMergeKeys(parseApiVersion(apiVersion).group)) {
          throw new PatchFailed(`lists of ${apiVersion} have no merge keys: use a merge patch or a JSON patch`);
        }
        return applyStrategicMerge(object, patch, kind);
      default:
        return type satisfies never;
    }
  }, fail);
  if (!isJsonObject(result)) {
    throw fail('what comes out is no object');
  }
  return result;
}

function attempt<T>(action: () => T, fail: (reason: string) => Error): T {
  try {
    return action();
  } catch (error) {
    throw error instanceof PatchFailed ? fail(error.message) : error;
  }
}

/** Labels by which a namespace says how strict its pods have to be. */
function changedPodSecurity(before: JsonObject, after: JsonObject): string[] {
  if (before['kind'] !== 'Namespace') {
    return [];
  }
  const [old, now] = [before, after].map((object) => asObject(valueAt(object, 'metadata', 'labels')));
  const keys = new Set([...Object.keys(old ?? {}), ...Object.keys(now ?? {})]);
  return [...keys]
    .filter((key) => key.startsWith(POD_SECURITY_LABEL) && old?.[key] !== now?.[key])
    .map((key) => `the label ${key}`);
}
