import { changeItems, changeValues } from '../json/change-entries.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts';
import { isSameJson } from '../json/sorted-json.ts';
import { unmask } from '../masking/unmask.ts';
import { mergeValues } from '../values/merge-values.ts';
import type { ReleaseFacts } from '../release/release-facts.ts';
import { NEW_RELEASE, type RecordedRequest } from './release-request.ts';
import { MASK } from '../secrets/secret-values.ts';

/** A stored revision that Walm wrote: its facts, and the values that Helm recorded with it. */
export type ManagedRevision = { facts: ReleaseFacts; config: JsonObject };

/**
 * What a release consists of, layer by layer and with its true secrets, from the values of its newest revision and the
 * newest stored revision that Walm wrote (null: it wrote none). Values that plain Helm changed since count as the
 * user's own: the recorded ones without those that Walm had injected (decision 5: changes made outside Walm).
 */
export function readRecordedRequest(config: JsonObject, written: ManagedRevision | null): RecordedRequest {
  if (written === null) {
    return { ...NEW_RELEASE, configValues: config };
  }
  const { facts } = written;
  const trueLayer = (layer: JsonObject) => restoreSecrets(layer, written.config);
  const commonValues = trueLayer(facts.commonValues);
  const dependenciesConfigValues = trueLayer(facts.dependenciesConfigValues);
  const configValues = trueLayer(facts.configValues);
  const isOutside = !isSameJson(config, written.config);
  const injected = mergeValues(commonValues, dependenciesConfigValues);
  return {
    ...facts,
    commonValues,
    dependenciesConfigValues,
    configValues: isOutside ? withoutLayer(config, injected, configValues) : configValues,
  };
}

/**
 * The layer with every `***` replaced by the value that Helm recorded at the same path (decision 4: `***` means
 * unchanged).
 */
function restoreSecrets(layer: JsonObject, config: JsonObject): JsonObject {
  return restore(layer, config) as JsonObject;
}

function restore(value: JsonValue, recorded: JsonValue | undefined): JsonValue {
  if (value === MASK) {
    return recorded ?? MASK;
  }
  if (typeof value === 'string') {
    return unmask(value, recorded);
  }
  if (Array.isArray(value)) {
    return changeItems(value, (entry, i) => restore(entry, Array.isArray(recorded) ? recorded[i] : undefined));
  }
  if (isJsonObject(value)) {
    return changeValues(value, (entry, key) => restore(entry, at(recorded, key)));
  }
  return value;
}

/** The values without those that `layer` contributed, except if `own` has them, too. */
function withoutLayer(values: JsonObject, layer: JsonObject, own: JsonObject): JsonObject {
  const rest = Object.entries(values).flatMap(([key, value]): [string, JsonValue][] => {
    const [brought, mine] = [at(layer, key), at(own, key)];
    if (isJsonObject(value) && isJsonObject(brought)) {
      const inner = withoutLayer(value, brought, isJsonObject(mine) ? mine : {});
      return Object.keys(inner).length === 0 && mine === undefined ? [] : [[key, inner]];
    }
    const isBrought = brought !== undefined && mine === undefined && isSameJson(value, brought);
    return isBrought ? [] : [[key, value]];
  });
  return Object.fromEntries(rest);
}

function at(value: JsonValue | undefined, key: string): JsonValue | undefined {
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
