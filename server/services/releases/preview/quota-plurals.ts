import type { JsonObject } from '../../../domain/json/json.ts';
import { parseApiVersion } from '../../../domain/kube/kube-object.ts';
import type { PluralOf } from '../../../domain/quotas/quota-needs.ts';
import type { EngineCall } from '../../../ports/helm/engine-call.ts';
import type { HelmReader } from '../../../ports/helm/helm-reader.ts';

/** Quotas name kinds by their plural; only those that count objects need to know it. */
export async function quotaPlurals(
  engine: Pick<HelmReader, 'listResources'>,
  quotas: readonly JsonObject[],
  call: EngineCall,
): Promise<PluralOf> {
  if (!JSON.stringify(quotas).includes('"count/')) {
    return () => undefined;
  }
  const served = await engine.listResources(call);
  const byKind = new Map(served.map(({ group, kind, plural }) => [`${group}/${kind}`, plural]));
  return (apiVersion, kind) => byKind.get(`${parseApiVersion(apiVersion).group}/${kind}`);
}
