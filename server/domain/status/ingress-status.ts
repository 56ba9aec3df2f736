import type { IngressStatus } from '../../../contract/schemas/release-resources.ts';
import type { JsonValue } from '../json/json.ts';
import { asString, asText, valueAt } from '../json/json-reading.ts';
import { type KubeObject, type ObjectRef, specOf } from '../kube/kube-object.ts';
import { type Described, metaOf, notFound, READY, stateOf } from './resource-state.ts';

function portText(port: JsonValue | undefined): string {
  return asString(valueAt(port, 'name')) || asText(valueAt(port, 'number'));
}

/** An Ingress is ready if it exists; its first rule and the first path of it are shown, like in the original Walm. */
export function describeIngress(ref: ObjectRef, ingress: KubeObject | undefined): Described<IngressStatus> {
  if (ingress === undefined) {
    const shown = { ...metaOf(ref, stateOf('NotFound')), host: '', path: '', serviceName: '', servicePort: '' };
    return { shown, waitingFor: [notFound(ref)] };
  }
  const rule = valueAt(specOf(ingress), 'rules', 0);
  const first = valueAt(rule, 'http', 'paths', 0);
  const service = valueAt(first, 'backend', 'service');
  const shown = {
    ...metaOf(ref, READY),
    host: asString(valueAt(rule, 'host')),
    path: asString(valueAt(first, 'path')),
    serviceName: asString(valueAt(service, 'name')),
    servicePort: portText(valueAt(service, 'port')),
  };
  return { shown, waitingFor: [] };
}
