import type { JsonObject } from '../json/json.ts';
import { asObject } from '../json/json-reading.ts';
import type { Conversion } from './conversion.ts';
import { mapList, withDefaults, without } from './with-defaults.ts';

const NODE = 'kubernetes.io/hostname';
const ZONE = 'topology.kubernetes.io/zone';

/** The free-form `topology` map became two fields, and a read-only rest. */
function convertEndpoint(endpoint: JsonObject): JsonObject {
  const topology = asObject(endpoint['topology']);
  const node = topology[NODE];
  const zone = topology[ZONE];
  return withDefaults(without(endpoint, 'topology'), {
    ...(node !== undefined && { nodeName: node }),
    ...(zone !== undefined && { zone }),
  });
}

/** Endpoint slices and events, withdrawn in 1.25. */
export const endpointConversions: readonly Conversion[] = [
  {
    kind: 'EndpointSlice',
    from: ['discovery.k8s.io/v1beta1'],
    to: ['discovery.k8s.io/v1'],
    convert: (object) => mapList(object, 'endpoints', convertEndpoint),
  },
  { kind: 'Event', from: ['events.k8s.io/v1beta1'], to: ['events.k8s.io/v1'] },
];
