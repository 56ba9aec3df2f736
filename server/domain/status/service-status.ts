import type { ServiceStatus } from '../../../contract/schemas/release-resources.ts';
import type { ClusterView } from '../kube/cluster-view.ts';
import { asArray, asNumber, asObjects, asString, asText, valueAt } from '../json/json-reading.ts';
import { fieldOf, type KubeObject, type ObjectRef, specOf } from '../kube/kube-object.ts';
import { type Described, metaOf, notFound, READY, stateOf } from './resource-state.ts';

/** `ip:port` of the ready addresses that serve the port of this name; IPv6 addresses in brackets. */
function endpointsOf(slices: readonly KubeObject[], portName: string): string[] {
  return slices
    .flatMap((slice) => {
      const ports = asObjects(fieldOf(slice, 'ports')).filter((port) => asString(port['name']) === portName);
      const addresses = asObjects(fieldOf(slice, 'endpoints'))
        .filter((endpoint) => valueAt(endpoint, 'conditions', 'ready') !== false)
        .flatMap((endpoint) => asArray(endpoint['addresses']).map(asString));
      return addresses.flatMap((address) =>
        ports.map((port) => `${address.includes(':') ? `[${address}]` : address}:${asNumber(port['port'])}`),
      );
    })
    .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** A Service is ready if it exists, like in the original Walm; its endpoints show whether any pod serves it. */
export function describeService(
  view: ClusterView,
  ref: ObjectRef,
  service: KubeObject | undefined,
): Described<ServiceStatus> {
  if (service === undefined) {
    const shown = { ...metaOf(ref, stateOf('NotFound')), ports: null, clusterIp: '', serviceType: '' };
    return { shown, waitingFor: [notFound(ref)] };
  }
  const spec = specOf(service);
  const slices = view.endpointSlicesOf(ref.namespace, ref.name);
  const shown = {
    ...metaOf(ref, READY),
    ports: asObjects(spec['ports']).map((port) => ({
      name: asString(port['name']),
      protocol: asString(port['protocol']),
      port: asNumber(port['port']),
      targetPort: asText(valueAt(port, 'targetPort')),
      nodePort: asNumber(port['nodePort']),
      endpoints: endpointsOf(slices, asString(port['name'])),
    })),
    clusterIp: asString(spec['clusterIP']),
    serviceType: asString(spec['type']),
  };
  return { shown, waitingFor: [] };
}
