import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts';
import { asString } from '../json/json-reading.ts';
import type { Conversion } from './conversion.ts';
import { mapField, mapList, withDefaults, without } from './with-defaults.ts';

const OLD = ['extensions/v1beta1', 'networking.k8s.io/v1beta1'];

/** A port in `networking.k8s.io/v1`: digits in a string are a number, other strings are names. */
function servicePort(port: JsonValue | undefined): JsonObject {
  const text = typeof port === 'number' ? String(port) : asString(port);
  return /^\d+$/.test(text) ? { number: Number(text) } : { name: text };
}

function convertBackend(backend: JsonObject): JsonObject {
  const { serviceName, servicePort: port } = backend;
  const rest = without(backend, 'serviceName', 'servicePort');
  return serviceName === undefined && port === undefined
    ? rest
    : { ...rest, service: { name: serviceName ?? '', port: servicePort(port) } };
}

function convertPath(path: JsonObject): JsonObject {
  return withDefaults(mapField(path, 'backend', convertBackend), { pathType: 'ImplementationSpecific' });
}

function convertIngress(object: JsonObject): JsonObject {
  return mapField(object, 'spec', (spec) => {
    const rules = mapList(spec, 'rules', (rule) =>
      mapField(rule, 'http', (http) => mapList(http, 'paths', convertPath)),
    );
    const backend = rules['backend'];
    return isJsonObject(backend)
      ? { ...without(rules, 'backend'), defaultBackend: convertBackend(backend) }
      : without(rules, 'backend');
  });
}

/** Ingresses (withdrawn in 1.22) and network policies (1.16). */
export const networkConversions: readonly Conversion[] = [
  { kind: 'Ingress', from: OLD, to: ['networking.k8s.io/v1'], convert: convertIngress },
  { kind: 'IngressClass', from: ['networking.k8s.io/v1beta1'], to: ['networking.k8s.io/v1'] },
  { kind: 'NetworkPolicy', from: ['extensions/v1beta1'], to: ['networking.k8s.io/v1'] },
  {
    kind: 'IPAddress',
    from: ['networking.k8s.io/v1alpha1', 'networking.k8s.io/v1beta1'],
    to: ['networking.k8s.io/v1', 'networking.k8s.io/v1beta1'],
  },
  {
    kind: 'ServiceCIDR',
    from: ['networking.k8s.io/v1alpha1', 'networking.k8s.io/v1beta1'],
    to: ['networking.k8s.io/v1', 'networking.k8s.io/v1beta1'],
  },
];
