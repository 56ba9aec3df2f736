import { dump } from 'js-yaml';
import type { ObjectPreview } from '../../../contract/schemas/release-preview.ts';
import { objectKey } from '../kube/kube-object.ts';
import type { Masker } from '../masking/masker.ts';
import { maskSecretObject } from '../secrets/mask-secret-object.ts';
import { type ComparedObject, differObjects } from './object-difference.ts';

/** The same object before and after a change; one of them is absent if it is added or removed. */
export type ObjectPair = { before?: ComparedObject; after?: ComparedObject };

/** Matches the objects of two manifests, in the order of the new one, removed ones last. */
export function pairObjects(before: readonly ComparedObject[], after: readonly ComparedObject[]): ObjectPair[] {
  const old = new Map(before.map((object) => [objectKey(object), object]));
  const kept = new Set(after.map(objectKey));
  const made = after.map((object): ObjectPair => {
    const former = old.get(objectKey(object));
    return { after: object, ...(former && { before: former }) };
  });
  const removed = before.filter((object) => !kept.has(objectKey(object)));
  return [...made, ...removed.map((object) => ({ before: object }))];
}

/**
 * How an object differs, with both texts as YAML, secrets as `***`; null if it does not. Where both texts together have
 * more than `room` bytes of JSON, only the kind of the change is shown.
 */
export function previewObject(
  { before, after }: ObjectPair,
  masker: Masker,
  room: number,
): { shown: ObjectPreview; bytes: number } | null {
  const [difference] = differObjects(before ? [before] : [], after ? [after] : [], masker);
  if (difference === undefined) {
    return null;
  }
  const texts = { ...(before && { before: masked(before, masker) }), ...(after && { after: masked(after, masker) }) };
  const bytes = Buffer.byteLength(JSON.stringify([texts, difference.differences]));
  if (bytes > room) {
    return { shown: { ...difference, differences: [], leftOut: true }, bytes: 0 };
  }
  const written = Object.entries(texts).map(([side, object]) => [side, dump(object, { lineWidth: -1, noRefs: true })]);
  return {
    shown: { ...difference, ...(Object.fromEntries(written) as Pick<ObjectPreview, 'before' | 'after'>) },
    bytes,
  };
}

function masked({ object }: ComparedObject, masker: Masker) {
  return masker.json(maskSecretObject(object));
}
