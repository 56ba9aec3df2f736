import type { Warning } from '../../../contract/schemas/warning.ts';
import { isJsonObject, type JsonObject } from '../json/json.ts';
import { asString } from '../json/json-reading.ts';
import type { DocumentChanges, ManifestDocument } from '../kube/manifest-document.ts';
import { problem } from '../errors/problem-error.ts';
import { accessConversions } from './access-control.ts';
import { admissionConversions } from './admission.ts';
import { clusterConversions } from './cluster-services.ts';
import { type Conversion, NotConvertible } from './conversion.ts';
import { definitionConversions } from './custom-resource-definitions.ts';
import { endpointConversions } from './endpoint-slices.ts';
import { autoscalerConversions } from './horizontal-pod-autoscalers.ts';
import { networkConversions } from './ingresses.ts';
import { budgetConversions } from './pod-disruption-budgets.ts';
import { mapField } from './with-defaults.ts';
import { withdrawnKinds } from './withdrawn-kinds.ts';
import { workloadConversions } from './workloads.ts';

/** Whether the cluster serves a kind in an API version. */
export type Served = (apiVersion: string, kind: string) => boolean;

const conversions: readonly Conversion[] = [
  ...workloadConversions,
  ...networkConversions,
  ...endpointConversions,
  ...budgetConversions,
  ...autoscalerConversions,
  ...accessConversions,
  ...admissionConversions,
  ...definitionConversions,
  ...clusterConversions,
];

const byVersionAndKind = new Map(
  conversions.flatMap((conversion) =>
    conversion.from.map((from): [string, Conversion] => [`${from} ${conversion.kind}`, conversion]),
  ),
);

/**
 * Converts objects and hooks whose API version the cluster no longer serves, and the references of autoscalers along
 * with them; each conversion is a warning (decision 38: withdrawn API versions). Objects in served versions, and custom
 * kinds, stay as they are.
 * @throws ProblemError API_NOT_CONVERTIBLE naming the object and the reason
 */
export function convertDocuments(documents: readonly ManifestDocument[], served: Served): DocumentChanges {
  const changes: DocumentChanges = { changed: [], added: [], warnings: [] };
  for (const document of documents) {
    const { object, to } = convertObject(document, served);
    const referring = withServedTarget(object, served);
    if (referring !== document.object) {
      changes.changed.push({ index: document.index, object: referring });
    }
    if (to !== undefined) {
      changes.warnings.push(conversionWarning(document, to));
    }
  }
  return changes;
}

function convertObject(document: ManifestDocument, served: Served): { object: JsonObject; to?: string } {
  const { apiVersion, kind, object } = document;
  if (served(apiVersion, kind)) {
    return { object };
  }
  const withdrawn = withdrawnKinds[`${apiVersion} ${kind}`];
  if (withdrawn !== undefined) {
    throw notConvertible(document, withdrawn);
  }
  const conversion = byVersionAndKind.get(`${apiVersion} ${kind}`);
  const to = servedVersion(document, served);
  if (conversion === undefined || to === undefined) {
    return { object };
  }
  try {
    const converted = conversion.convert?.(object, apiVersion) ?? object;
    return { object: { ...converted, apiVersion: to }, to };
  } catch (error) {
    throw error instanceof NotConvertible ? notConvertible(document, error.message) : error;
  }
}

/** The version that an object in an unserved version would be converted to; undefined if there is none. */
export function servedVersion({ apiVersion, kind }: ManifestDocument, served: Served): string | undefined {
  const conversion = byVersionAndKind.get(`${apiVersion} ${kind}`);
  return conversion?.to.find((version) => version !== apiVersion && served(version, kind));
}

/** An autoscaler finds its target by API version, too: a withdrawn version would leave it without a target. */
function withServedTarget(object: JsonObject, served: Served): JsonObject {
  const spec = object['spec'];
  const target = isJsonObject(spec) ? spec['scaleTargetRef'] : undefined;
  if (object['kind'] !== 'HorizontalPodAutoscaler' || !isJsonObject(target)) {
    return object;
  }
  const [apiVersion, kind] = [asString(target['apiVersion']), asString(target['kind'])];
  const to = byVersionAndKind.get(`${apiVersion} ${kind}`)?.to.find((version) => served(version, kind));
  return served(apiVersion, kind) || to === undefined
    ? object
    : mapField(object, 'spec', (written) => mapField(written, 'scaleTargetRef', (ref) => ({ ...ref, apiVersion: to })));
}

function conversionWarning({ apiVersion, kind, namespace, name }: ManifestDocument, to: string): Warning {
  return {
    code: 'API_VERSION_CONVERTED',
    message: `${kind} ${name}: the cluster no longer serves ${apiVersion}, it was converted to ${to}`,
    object: { apiVersion, kind, namespace, name },
  };
}

function notConvertible({ apiVersion, kind, namespace, name }: ManifestDocument, reason: string) {
  return problem(
    'API_NOT_CONVERTIBLE',
    `${kind} ${name}: the cluster no longer serves ${apiVersion}, and it cannot be converted: ${reason}`,
    { apiVersion, kind, namespace, name, reason },
    { kind, namespace, name },
  );
}
