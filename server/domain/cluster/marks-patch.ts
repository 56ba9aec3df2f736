import type { JsonObject } from '../json/json.ts';
import { isLabelKey, isLabelValue } from '../kube/label-syntax.ts';
import { invalidMark, shownText } from './invalid-mark.ts';

/** Labels, or annotations, to set and to remove. */
export type MarkChange = { add: Readonly<Record<string, string>>; remove: readonly string[] };

/** What Kubernetes accepts of all annotations of an object together, in bytes. */
const MAX_ANNOTATIONS = 256 * 1024;

/** @throws ProblemError LABEL_INVALID unless Kubernetes accepts every key and every value */
export function checkLabelMap(labels: Readonly<Record<string, string>>, where: string): void {
  for (const [key, value] of Object.entries(labels)) {
    checkKey(key, 'label', where);
    if (!isLabelValue(value)) {
      throw invalidMark(`${shownText(value)} in ${where} is not a valid value of the label ${key}`);
    }
  }
}

/** @throws ProblemError LABEL_INVALID unless Kubernetes accepts every key, and all together */
export function checkAnnotationMap(annotations: Readonly<Record<string, string>>, where: string): void {
  let bytes = 0;
  for (const [key, value] of Object.entries(annotations)) {
    checkKey(key, 'annotation', where);
    bytes += Buffer.byteLength(key) + Buffer.byteLength(value);
  }
  if (bytes > MAX_ANNOTATIONS) {
    throw invalidMark(`${where} has ${bytes} bytes, and an object can have ${MAX_ANNOTATIONS} of annotations`);
  }
}

/** The merge patch of metadata for a change of labels. @throws ProblemError LABEL_INVALID */
export function labelPatch(change: MarkChange): JsonObject {
  checkLabelMap(change.add, 'addLabels');
  return { metadata: { labels: merged(change, 'label') } };
}

/** The merge patch of metadata for a change of annotations. @throws ProblemError LABEL_INVALID */
export function annotationPatch(change: MarkChange): JsonObject {
  checkAnnotationMap(change.add, 'addAnnotations');
  return { metadata: { annotations: merged(change, 'annotation') } };
}

function merged({ add, remove }: MarkChange, what: 'label' | 'annotation'): JsonObject {
  for (const key of remove) {
    checkKey(key, what, 'the keys to remove');
    if (Object.hasOwn(add, key)) {
      throw invalidMark(`the ${what} ${key} is to be set and to be removed: say one of both`);
    }
  }
  return { ...add, ...Object.fromEntries(remove.map((key) => [key, null])) };
}

function checkKey(key: string, what: 'label' | 'annotation', where: string): void {
  if (!isLabelKey(key)) {
    throw invalidMark(`${shownText(key)} in ${where} is not a valid key of a${what === 'label' ? '' : 'n'} ${what}`);
  }
}
