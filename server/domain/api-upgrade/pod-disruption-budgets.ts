import { isJsonObject, type JsonObject } from '../json/json.ts';
import type { Conversion } from './conversion.ts';
import { mapField, without } from './with-defaults.ts';

/**
 * An empty selector selected no pod in `policy/v1beta1` and selects all in `policy/v1`; a missing one still selects
 * none.
 */
function convertBudget(object: JsonObject): JsonObject {
  return mapField(object, 'spec', (spec) => {
    const { selector } = spec;
    return isJsonObject(selector) && Object.keys(selector).length === 0 ? without(spec, 'selector') : spec;
  });
}

/** Disruption budgets, withdrawn in 1.25. */
export const budgetConversions: readonly Conversion[] = [
  { kind: 'PodDisruptionBudget', from: ['policy/v1beta1'], to: ['policy/v1'], convert: convertBudget },
];
