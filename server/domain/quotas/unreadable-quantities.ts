import type { Warning } from '../../../contract/schemas/warning.ts';
import { cutName } from '../bounds/cut-name.ts';
import { asObject, asObjects, valueAt } from '../json/json-reading.ts';
import type { JsonObject, JsonValue } from '../json/json.ts';
import type { ManifestDocument } from '../kube/manifest-document.ts';
import { readQuantity } from '../kube/quantity-sum.ts';
import { workloadKind } from './manifest-workloads.ts';

/** A field that totals would count, and that cannot be read. */
type Unread = { field: string; value: JsonValue };

const COUNTS = ['replicas', 'parallelism', 'completions'];

/**
 * The warnings about what totals do not count because it cannot be read as a quantity or a number, one per field.
 * `originals` are the documents as the chart rendered them.
 */
export function uncountedQuantities(
  documents: readonly ManifestDocument[],
  originals: readonly ManifestDocument[],
): Warning[] {
  const nameOf = ({ kind, namespace, name }: ManifestDocument) => `${kind} ${namespace}/${name}`;
  const rendered = new Map(originals.map((document) => [nameOf(document), document.object]));
  return documents.flatMap((document) => {
    const { apiVersion, kind, namespace, name, source, object } = document;
    return unreadIn(object, rendered.get(nameOf(document)) ?? object).map(({ field, value }) => ({
      code: 'QUANTITY_NOT_COUNTED',
      message:
        `${field} of ${kind} ${name} is ${cutName(JSON.stringify(value))}, which Walm cannot read as an amount: ` +
        `totals and quotas are judged without it (${source})`,
      object: { apiVersion, kind, namespace, name },
      path: field,
    }));
  });
}

function unreadIn(object: JsonObject, original: JsonObject): Unread[] {
  if (object['apiVersion'] === 'v1' && object['kind'] === 'PersistentVolumeClaim') {
    return unreadClaim(object, '');
  }
  const kind = workloadKind(object);
  if (kind === undefined) {
    return [];
  }
  const spec = asObject(object['spec']);
  const [at, podSpec] = kind === 'Pod' ? ['spec', spec] : ['spec.template.spec', podSpecIn(object)];
  const counts = COUNTS.map((name) => ({ field: `spec.${name}`, value: spec[name] }));
  const volumes = asObjects(podSpec['volumes']);
  const disks = asObjects((kind === 'Pod' ? asObject(original['spec']) : podSpecIn(original))['volumes']);
  return [
    ...(kind === 'Pod' ? [] : counts.flatMap(({ field, value }) => unreadCount(value, field))),
    ...unreadResources(podSpec, at),
    ...unreadAmounts(podSpec['overhead'], `${at}.overhead`),
    ...['containers', 'initContainers'].flatMap((list) =>
      asObjects(podSpec[list]).flatMap((container, index) => unreadResources(container, `${at}.${list}[${index}]`)),
    ),
    ...volumes.flatMap((volume, index) =>
      unreadClaim(
        asObject(valueAt(volume, 'ephemeral', 'volumeClaimTemplate')),
        `${at}.volumes[${index}].ephemeral.volumeClaimTemplate.`,
      ),
    ),
    ...disks.flatMap((volume, index) =>
      unreadAmount(valueAt(volume, 'tosDisk', 'capability'), `${at}.volumes[${index}].tosDisk.capability`),
    ),
    ...asObjects(spec['volumeClaimTemplates']).flatMap((claim, index) =>
      unreadClaim(claim, `spec.volumeClaimTemplates[${index}].`),
    ),
  ];
}

function podSpecIn(object: JsonObject): JsonObject {
  return asObject(valueAt(object, 'spec', 'template', 'spec'));
}

function unreadClaim(claim: JsonObject, at: string): Unread[] {
  const field = `${at}spec.resources.requests.storage`;
  return unreadAmount(valueAt(claim, 'spec', 'resources', 'requests', 'storage'), field);
}

function unreadResources(owner: JsonObject, at: string): Unread[] {
  return ['requests', 'limits'].flatMap((side) =>
    unreadAmounts(valueAt(owner, 'resources', side), `${at}.resources.${side}`),
  );
}

function unreadAmounts(amounts: JsonValue | undefined, at: string): Unread[] {
  return Object.entries(asObject(amounts)).flatMap(([name, value]) => unreadAmount(value, `${at}.${name}`));
}

function unreadAmount(value: JsonValue | undefined, field: string): Unread[] {
  return value === undefined || value === null || readQuantity(value) !== undefined ? [] : [{ field, value }];
}

function unreadCount(value: JsonValue | undefined, field: string): Unread[] {
  const isRead = value === undefined || value === null || (Number.isSafeInteger(value) && Number(value) >= 0);
  return isRead ? [] : [{ field, value }];
}
