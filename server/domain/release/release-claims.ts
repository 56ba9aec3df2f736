import type { JsonObject } from '../json/json.ts';
import { asObject, asObjects, asString, asTextMap, valueAt } from '../json/json-reading.ts';

/** An existing claim; `kept`: its resource policy tells Helm never to delete it. */
export type ExistingClaim = { name: string; labels: Readonly<Record<string, string>>; kept?: boolean };

/** The names of claims of one StatefulSet: `<template>-<statefulset>-<ordinal>`, with its selector's labels. */
export type ClaimPattern = { statefulSet: string; templates: string[]; labels: Readonly<Record<string, string>> };

/** The claim patterns of the StatefulSets in a manifest; other kinds are ignored. */
export function claimPatterns(objects: readonly { kind: string; object: JsonObject }[]): ClaimPattern[] {
  return objects
    .filter(({ kind }) => kind === 'StatefulSet')
    .map(({ object }) => ({
      statefulSet: asString(valueAt(object, 'metadata', 'name')),
      templates: asObjects(valueAt(object, 'spec', 'volumeClaimTemplates')).map((template) =>
        asString(asObject(template['metadata'])['name']),
      ),
      labels: asTextMap(valueAt(object, 'spec', 'selector', 'matchLabels')),
    }))
    .filter(({ templates }) => templates.length > 0);
}

/**
 * The claims, by name, that StatefulSets of these patterns created (decision 37: deletePvcs). Name and labels have to
 * match, so a claim of another application with a matching name is not touched.
 */
export function claimsOf(patterns: readonly ClaimPattern[], existing: readonly ExistingClaim[]): ExistingClaim[] {
  return existing
    .filter((claim) => patterns.some((pattern) => matches(pattern, claim)))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function matches({ statefulSet, templates, labels }: ClaimPattern, claim: ExistingClaim): boolean {
  const named = templates.some((template) => {
    const prefix = `${template}-${statefulSet}-`;
    return claim.name.startsWith(prefix) && /^\d+$/.test(claim.name.slice(prefix.length));
  });
  return named && Object.entries(labels).every(([key, value]) => claim.labels[key] === value);
}
