import { escapePointer } from '../json/json-pointer.ts';
import type { ObjectDifference, PathDifference } from '../../../contract/schemas/object-difference.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts';
import { asArray, asObject } from '../json/json-reading.ts';
import { objectKey } from '../kube/kube-object.ts';
import { maskReference } from '../masking/mask-reference.ts';
import { type Masker, NO_SECRETS } from '../masking/masker.ts';
import { maskSecretObject } from '../secrets/mask-secret-object.ts';
import { MASK } from '../secrets/secret-values.ts';

/** An object with its reference, as read from manifests. */
export type ComparedObject = { apiVersion: string; kind: string; namespace: string; name: string; object: JsonObject };

/** Rewritten with every revision, so not a difference to show. */
const REVISION_NOTES = ['walm.io/task', 'walm.io/cause', 'walm.io/caller', 'walm.io/seal'];

/**
 * The differences between two manifests: objects are matched by group, kind, namespace and name, in the order of the
 * new manifest, removed ones last. Secrets are compared unmasked and shown as `***` (decision 24: secret data is
 * masked).
 */
export function differObjects(
  before: readonly ComparedObject[],
  after: readonly ComparedObject[],
  masker: Masker = NO_SECRETS,
): ObjectDifference[] {
  const old = new Map(before.map((object) => [objectKey(object), object]));
  const kept = new Set(after.map(objectKey));
  const changes = after.flatMap((object): ObjectDifference[] => {
    const former = old.get(objectKey(object));
    if (former === undefined) {
      return [{ change: 'added', ...refOf(object, masker), differences: [] }];
    }
    const differences = differObject(former.object, object.object, masker);
    return differences.length === 0 ? [] : [{ change: 'changed', ...refOf(object, masker), differences }];
  });
  const removed = before.filter((object) => !kept.has(objectKey(object)));
  return [
    ...changes,
    ...removed.map((object): ObjectDifference => ({ change: 'removed', ...refOf(object, masker), differences: [] })),
  ];
}

/** The differences between two versions of an object, with secrets as `***`. */
export function differObject(before: JsonObject, after: JsonObject, masker: Masker = NO_SECRETS): PathDifference[] {
  const hidden = maskSecretObject(before) !== before || maskSecretObject(after) !== after;
  return differValues(withoutNotes(before), withoutNotes(after)).map((difference) =>
    hidden && /^\/(data|stringData)(\/|$)/.test(difference.path)
      ? mapSides(difference, masker, maskLeaves)
      : mapSides(difference, masker, (value) => masker.json(value)),
  );
}

/** Every path where two values differ, as JSON pointers in the order of the old value; arrays by index. */
export function differValues(before: JsonValue, after: JsonValue, path = ''): PathDifference[] {
  if (isJsonObject(before) && isJsonObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => differEntry(own(before, key), own(after, key), `${path}/${escapePointer(key)}`));
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, i) => differEntry(before[i], after[i], `${path}/${i}`)).flat();
  }
  return before === after ? [] : [{ path, old: before, new: after }];
}

function differEntry(before: JsonValue | undefined, after: JsonValue | undefined, path: string): PathDifference[] {
  if (before === undefined || after === undefined) {
    return [{ path, ...(before !== undefined && { old: before }), ...(after !== undefined && { new: after }) }];
  }
  return differValues(before, after, path);
}

function own(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function refOf({ apiVersion, kind, namespace, name }: ComparedObject, masker: Masker) {
  return maskReference({ apiVersion, kind, namespace, name }, masker);
}

/** Maps both sides of a difference with `change`; the path may contain a secret as well. */
function mapSides(
  { path, ...sides }: PathDifference,
  masker: Masker,
  change: (value: JsonValue) => JsonValue,
): PathDifference {
  return {
    path: masker.text(path),
    ...(sides.old !== undefined && { old: change(sides.old) }),
    ...(sides.new !== undefined && { new: change(sides.new) }),
  };
}

function maskLeaves(value: JsonValue): JsonValue {
  if (isJsonObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, maskLeaves(entry)]));
  }
  return Array.isArray(value) ? asArray(value).map(maskLeaves) : MASK;
}

function withoutNotes(object: JsonObject): JsonObject {
  const metadata = asObject(object['metadata']);
  const annotations = asObject(metadata['annotations']);
  if (!REVISION_NOTES.some((note) => Object.hasOwn(annotations, note))) {
    return object;
  }
  const rest = Object.entries(annotations).filter(([key]) => !REVISION_NOTES.includes(key));
  return { ...object, metadata: { ...metadata, annotations: Object.fromEntries(rest) } };
}
