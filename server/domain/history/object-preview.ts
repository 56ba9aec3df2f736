import { dump } from 'js-yaml';
import type { ObjectPreview } from '../../../contract/schemas/release-preview.ts';
import type { Masker } from '../masking/masker.ts';
import { maskSecretObject } from '../secrets/mask-secret-object.ts';
import { type ComparedObject, differPair, type ObjectPair } from './object-difference.ts';

/**
 * How an object differs, with both texts as YAML, secrets as `***`; null if it does not. Where both texts together have
 * more than `room` bytes of JSON, only the kind of the change is shown.
 */
export function previewObject(
  pair: ObjectPair,
  masker: Masker,
  room: number,
): { shown: ObjectPreview; bytes: number } | null {
  const difference = differPair(pair, masker);
  if (difference === null) {
    return null;
  }
  const { before, after } = pair;
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
