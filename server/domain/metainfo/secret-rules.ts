import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts';
import type { MetaItem, Metainfo } from './metainfo.ts';
import { holdsMask, MASK, type SecretRules } from '../secrets/secret-values.ts';
import type { ValuePath } from '../values/value-path.ts';

const SECRET_TYPE = 'password';

function passwordItems({ params, roles }: Metainfo): MetaItem[] {
  const items = [...params, ...roles.flatMap((role) => role.baseConfig?.others ?? [])];
  return items.filter(({ type }) => type === SECRET_TYPE);
}

/** Paths of the values that were masked before: they are secret wherever the same path occurs. */
function maskedLeaves(layer: JsonObject): ValuePath[] {
  const found: ValuePath[] = [];
  if (!holdsMask(layer)) {
    return found;
  }
  const at: string[] = [];

  function visit(value: JsonValue): void {
    if (value === MASK) {
      found.push([...at]);
    } else if (Array.isArray(value) || isJsonObject(value)) {
      for (const [key, entry] of Object.entries(value)) {
        at.push(key);
        visit(entry);
        at.pop();
      }
    }
  }
  visit(layer);
  return found;
}

/**
 * Which values of a release are secret: according to the schemas of its chart, params of type `password` in its
 * metainfo, and, because Helm records no subcharts, what Walm masked when it still had the whole chart.
 */
export function secretRulesOf(
  schemas: SecretRules['schemas'],
  metainfo: Metainfo | null,
  maskedLayers: readonly JsonObject[] = [],
): SecretRules {
  const passwords = metainfo === null ? [] : passwordItems(metainfo).map(({ path }) => path);
  return { schemas, paths: [...passwords, ...maskedLayers.flatMap((layer) => maskedLeaves(layer))] };
}
