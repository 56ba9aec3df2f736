import { parseAllDocuments, type ScalarTag, type Tags } from 'yaml';

import type { ClusterObject } from './kube-client.ts';

/** The documents of a manifest as Helm's decoder understands them (YAML 1.1: `yes` is true, `0644` is octal). */
export function parseManifest(manifest: string): ClusterObject[] {
  return parseAllDocuments(manifest, { version: '1.1', uniqueKeys: false, customTags: asHelmReads })
    .map((document) => {
      if (document.errors.length > 0) {
        throw document.errors[0] ?? new Error('the manifest is not YAML');
      }
      return document.toJS() as ClusterObject | null;
    })
    .filter((object) => object !== null);
}

/** YAML 1.1 without the parts that Helm's decoder leaves out: numbers to base 60, and times. */
function asHelmReads(tags: Tags): Tags {
  return tags.flatMap((tag) => {
    const { tag: name, format } = tag as ScalarTag;
    return format === 'TIME' || name === 'tag:yaml.org,2002:timestamp' ? [] : [tag];
  });
}

/** `Kind namespace/name`, the way differences and failures name an object. */
export function nameOf({ kind, metadata }: ClusterObject): string {
  return `${kind} ${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name}`;
}

/** Differences between two lists of objects: missing and additional objects, and every path whose value differs. */
export function diffObjects(expected: ClusterObject[], actual: ClusterObject[]): string[] {
  const wanted = new Map(expected.map((object) => [nameOf(object), object]));
  const found = new Map(actual.map((object) => [nameOf(object), object]));
  return [
    ...[...wanted.keys()].filter((name) => !found.has(name)).map((name) => `${name}: missing`),
    ...[...found.keys()].filter((name) => !wanted.has(name)).map((name) => `${name}: not expected`),
    ...[...wanted].flatMap(([name, object]) => {
      const other = found.get(name);
      return other ? diffValues(object, other, name) : [];
    }),
  ];
}

function diffValues(expected: unknown, actual: unknown, path: string): string[] {
  if (isRecord(expected) && isRecord(actual)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return [...keys].flatMap((key) => diffValues(expected[key], actual[key], `${path} .${key}`));
  }
  if (Array.isArray(expected) && Array.isArray(actual) && expected.length === actual.length) {
    return expected.flatMap((item, index) => diffValues(item, actual[index], `${path} [${index}]`));
  }
  const [left, right] = [JSON.stringify(expected), JSON.stringify(actual)];
  return left === right ? [] : [`${path}: expected ${left?.slice(0, 200)}, got ${right?.slice(0, 200)}`];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
