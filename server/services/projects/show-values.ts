import type { PathDifference } from '../../../contract/schemas/object-difference.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { shareOf } from '../../domain/access/sharer.ts';
import { differValues } from '../../domain/history/object-difference.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../domain/json/json.ts';
import { fromPointer } from '../../../contract/json-pointer.ts';
import type { HiddenLayers, hideLayers } from '../../domain/masking/hide-layers.ts';
import { secretRulesOf } from '../../domain/metainfo/secret-rules.ts';
import { readReleaseFacts } from '../../domain/release/release-facts.ts';
import { MASK } from '../../domain/secrets/secret-values.ts';
import type { PlacedJob } from '../jobs/placed-job.ts';
import type { MergedUpgrade } from '../releases/compose/merge-upgrade.ts';
import type { PresentMember } from './read-member.ts';

/** How the user's values of a release change, with secrets as `***` on both sides. */
export type ShowValues = (
  present: PresentMember,
  merged: Pick<MergedUpgrade, 'chart' | 'effective'>,
  caller: Caller | null,
) => Promise<PathDifference[]>;

export type ShowValuesDeps = { hideLayers: PlacedJob<Parameters<typeof hideLayers>[0], HiddenLayers> };

export function createShowValues(deps: ShowValuesDeps): ShowValues {
  return async function showValues(present, merged, caller) {
    const { configValues: before, dependenciesConfigValues: injected } = present.effective;
    const after = merged.effective.configValues;
    const differences = differValues(before, after);
    const recorded = readReleaseFacts(present.current.releaseConfig);
    if (differences.length === 0 || recorded === null) {
      // What another client wrote was never searched for secrets.
      return differences.map((one) => mapSides(one, () => MASK));
    }
    // What one of the two charts calls secret, and what was found to be one when it was rendered, is hidden on both sides.
    const hide = async (values: JsonObject): Promise<JsonObject> => {
      let hidden = values;
      for (const { values: chart, secrets, metainfo } of [present.chart, merged.chart]) {
        const rules = secretRulesOf(secrets.schemas, metainfo, [recorded.configValues]);
        const layers = { configValues: hidden, commonValues: {}, dependenciesConfigValues: {} };
        hidden = (await deps.hideLayers({ chart, injected, rules, layers }, shareOf(caller))).layers.configValues;
      }
      return hidden;
    };
    const sides = { old: await hide(before), new: await hide(after) };
    return differences.map((one) => mapSides(one, (side) => valueAt(sides[side], one.path)));
  };
}

function mapSides(difference: PathDifference, shown: (side: 'new' | 'old') => JsonValue): PathDifference {
  return {
    path: difference.path,
    ...(difference.old !== undefined && { old: shown('old') }),
    ...(difference.new !== undefined && { new: shown('new') }),
  };
}

function valueAt(value: JsonValue, pointer: string): JsonValue {
  return fromPointer(pointer).reduce<JsonValue>((found, step) => {
    if (Array.isArray(found)) {
      return found[Number(step)] ?? null;
    }
    return isJsonObject(found) && Object.hasOwn(found, step) ? (found[step] ?? null) : null;
  }, value);
}
