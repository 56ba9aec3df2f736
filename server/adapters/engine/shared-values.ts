import type { JsonObject } from '../../domain/json/json.ts';
import { asObject } from '../../domain/json/json-reading.ts';

/** What of a request to the engine may hold the same values twice. */
type WithConfig = { values?: JsonObject; releaseConfig?: JsonObject | null };

/**
 * The request with the values of its ReleaseConfig left out where they are those of the request themselves: large ones are
 * written, sent and read once. `hasConfig` tells the engine.
 */
export function sendValuesOnce<P extends WithConfig>(params: P): P & { hasConfig?: true } {
  const { values, releaseConfig } = params;
  const spec = asObject(releaseConfig?.['spec']);
  if (values === undefined || spec['configValues'] !== values) return params;
  return { ...params, releaseConfig: { ...releaseConfig, spec: { ...spec, configValues: null } }, hasConfig: true };
}
