import { escapePointer } from '../../../contract/json-pointer.ts';
import type { ObjectDifference, PathDifference } from '../../../contract/schemas/object-difference.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts';
import { asArray, asObject, ownValue } from '../json/json-reading.ts';
import { objectKey } from '../kube/kube-object.ts';
import { maskReference } from '../masking/mask-reference.ts';
import { type Masker, NO_SECRETS } from '../masking/masker.ts';
import { maskSecretObject } from '../secrets/mask-secret-object.ts';
import { MASK } from '../secrets/secret-values.ts';

/** An object with its reference, as read from manifests. */
export type ComparedObject = { apiVersion: string; kind: string; namespace: string; name: string; object: JsonObject };

/** Rewritten with every revision, so not a difference to show. */
const REVISION_NOTES = ['walm.io/task', 'walm.io/cause', 'walm.io/caller', 'walm.io/seal'];

/** What an upgrade would do to an object that the release would not have any longer. */
export type Removal = {
  object: { apiVersion: string; kind: string; namespace: string; name: string };
  outcome: 'deleted' | 'kept' | 'gone' | 'unknown';
  /** Empty where the object is deleted because the chart no longer has it. */
  reason: string;
};

/** The same object before and after a change; one of them is absent if it is added or removed. */
export type ObjectPair = {
  before?: ComparedObject;
  after?: ComparedObject;
  /** What would happen to it, if that is known: `after` is absent then. */
  removal?: Removal;
};

/**
 * Matches the objects of two manifests by group, kind, namespace and name, in the order of the new one, removed ones last:
 * `removals` says what would happen to those, and may name more of them than the old manifest.
 */
export function pairObjects(
  before: readonly ComparedObject[],
  after: readonly ComparedObject[],
  removals: readonly Removal[] = [],
): ObjectPair[] {
  const old = new Map(before.map((object) => [objectKey(object), object]));
  const stays = new Set(after.map(objectKey));
  const fates = new Map(removals.map((removal) => [objectKey(removal.object), removal]));
  const made = after.map((object): ObjectPair => {
    const former = old.get(objectKey(object));
    return { after: object, ...(former && { before: former }) };
  });
  const removed = before
    .filter((object) => !stays.has(objectKey(object)))
    .map((object): ObjectPair => {
      const removal = fates.get(objectKey(object));
      return { before: object, ...(removal && { removal }) };
    });
  const beside = [...fates]
    .filter(([key]) => !stays.has(key) && !old.has(key))
    .map(([, removal]): ObjectPair => ({ removal }));
  return [...made, ...removed, ...beside];
}

/**
 * The differences between two manifests, in the order of `pairObjects`. Secrets are compared unmasked and shown as `***`
 * (decision 24: secret data is masked).
 */
export function differObjects(
  before: readonly ComparedObject[],
  after: readonly ComparedObject[],
  masker: Masker = NO_SECRETS,
  removals: readonly Removal[] = [],
): ObjectDifference[] {
  return pairObjects(before, after, removals).flatMap((pair) => differPair(pair, masker) ?? []);
}

/** How one object differs; null if it does not, or if it is gone and the release's record does not name it. */
export function differPair(
  { before, after, removal }: ObjectPair,
  masker: Masker = NO_SECRETS,
): ObjectDifference | null {
  if (after !== undefined) {
    if (before === undefined) {
      return { change: 'added', ...refOf(after, masker), differences: [] };
    }
    const differences = differObject(before.object, after.object, masker);
    return differences.length === 0 ? null : { change: 'changed', ...refOf(after, masker), differences };
  }
  const ref = before ?? removal?.object;
  if (ref === undefined || (before === undefined && removal?.outcome === 'gone')) {
    return null;
  }
  return {
    change: removal?.outcome === 'kept' ? 'kept' : 'removed',
    ...refOf(ref, masker),
    differences: [],
    ...(removal && removal.reason !== '' && { reason: masker.text(reasonOf(removal)) }),
  };
}

function reasonOf({ outcome, reason }: Removal): string {
  return outcome === 'unknown' ? `whether it stays cannot be told: ${reason}` : reason;
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
    return [...keys].flatMap((key) =>
      differEntry(ownValue(before, key), ownValue(after, key), `${path}/${escapePointer(key)}`),
    );
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

function refOf({ apiVersion, kind, namespace, name }: Removal['object'], masker: Masker) {
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
