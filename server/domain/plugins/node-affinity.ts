import { Type } from 'typebox';
import type { JsonObject, JsonValue } from '../json/json.ts';
import { asArray, asObject, asObjects } from '../json/json-reading.ts';
import { sortedJson } from '../json/sorted-json.ts';
import { editDocuments } from './edit-documents.ts';
import { definePlugin, refused } from './plugin.ts';
import { editPodSpec } from './pod-templates.ts';
import { isSelected, workloads } from './workload-selection.ts';

const NAME = 'NodeAffinity';

const Expression = Type.Object({
  key: Type.String({ minLength: 1 }),
  operator: Type.Union([
    Type.Literal('In'),
    Type.Literal('NotIn'),
    Type.Literal('Exists'),
    Type.Literal('DoesNotExist'),
    Type.Literal('Gt'),
    Type.Literal('Lt'),
  ]),
  values: Type.Optional(Type.Array(Type.String())),
});
const Term = Type.Object({
  matchExpressions: Type.Optional(Type.Array(Expression, { maxItems: 100 })),
  matchFields: Type.Optional(Type.Array(Expression, { maxItems: 100 })),
});

/** Maximum terms of a caller, and of a chart; each of one is combined with each of the other. */
const MAX_TERMS = 16;

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

/** Binds pods to nodes. */
export const nodeAffinity = definePlugin({
  name: NAME,
  version: '1.0',
  description:
    'Lets the pods that the chart makes, those of hooks included, run on certain nodes only (`required`), or there if possible (`preferred`). Added to what the chart itself wants: both have to be met.',
  touchesHooks: true,
  args: Type.Object({
    required: Type.Optional(
      Type.Array(Term, {
        minItems: 1,
        maxItems: MAX_TERMS,
        description: 'Node selector terms; a node has to fit one of them.',
      }),
    ),
    preferred: Type.Optional(
      Type.Array(Type.Object({ weight: Type.Integer({ minimum: 1, maximum: 100 }), preference: Term }), {
        minItems: 1,
        maxItems: 100,
      }),
    ),
    workloads,
  }),
  example: { required: [{ matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }] }] },
  apply: (documents, { required = [], preferred = [], workloads: selectors }) =>
    editDocuments(documents, (document) =>
      isSelected(document, selectors)
        ? editPodSpec(document.object, (spec) => {
            const affinity = asObject(spec['affinity']);
            const before = asObject(affinity['nodeAffinity']);
            const after = withPreferred(withRequired(before, required), preferred);
            return after === before ? spec : { ...spec, affinity: { ...affinity, nodeAffinity: after } };
          })
        : document.object,
    ),
});

/** A node has to match one of the chart's terms and one of the plugin's: each pair becomes a term. */
function withRequired(affinity: JsonObject, ours: readonly JsonObject[]): JsonObject {
  const selector = asObject(affinity[REQUIRED]);
  const theirs = asObjects(selector['nodeSelectorTerms']);
  if (ours.length === 0) {
    return affinity;
  }
  if (theirs.length > MAX_TERMS) {
    throw refused(NAME, `a workload of the chart has more than ${MAX_TERMS} node selector terms`);
  }
  const pairs = theirs.length === 0 ? ours : theirs.flatMap((term) => ours.map((own) => bothTerms(term, own)));
  const terms = withoutNarrower(pairs);
  return sortedJson(terms) === sortedJson(theirs)
    ? affinity
    : { ...affinity, [REQUIRED]: { ...selector, nodeSelectorTerms: terms } };
}

function bothTerms(a: JsonObject, b: JsonObject): JsonObject {
  const fields = ['matchExpressions', 'matchFields'].flatMap((field): [string, JsonValue][] => {
    const all = new Map([...asArray(a[field]), ...asArray(b[field])].map((each) => [sortedJson(each), each]));
    return all.size === 0 ? [] : [[field, [...all.values()]]];
  });
  return Object.fromEntries(fields);
}

/** Terms without those covered by another one: a node that matches the narrower term matches the wider one. */
function withoutNarrower(terms: readonly JsonObject[]): JsonObject[] {
  const wants = terms.map((term) => new Set(Object.entries(term).flatMap(conditionsOf)));
  return terms.filter((_, index) => {
    const own = wants[index] ?? new Set();
    const isWider = (other: ReadonlySet<string>) => [...other].every((want) => own.has(want));
    return !wants.some((other, at) => at !== index && isWider(other) && (other.size < own.size || at < index));
  });
}

function conditionsOf([field, conditions]: [string, JsonValue]): string[] {
  return asArray(conditions).map((condition) => `${field} ${sortedJson(condition)}`);
}

function withPreferred(affinity: JsonObject, ours: readonly JsonObject[]): JsonObject {
  const theirs = asArray(affinity[PREFERRED]);
  const known = new Set(theirs.map(sortedJson));
  const missing = ours.filter((each) => !known.has(sortedJson(each)));
  return missing.length === 0 ? affinity : { ...affinity, [PREFERRED]: [...theirs, ...missing] };
}
