import { Type } from 'typebox';
import type { JsonObject } from '../json/json.ts';
import { asObjects, valueAt } from '../json/json-reading.ts';
import type { ManifestDocument } from '../kube/manifest-document.ts';
import { sortedJson } from '../json/sorted-json.ts';
import { checkMetadataKeys } from './metadata-args.ts';
import { definePlugin, refused } from './plugin.ts';

const NAME = 'Ingress';

/** Exposes a Service through an Ingress. */
export const ingress = definePlugin({
  name: NAME,
  version: '1.0',
  description: 'Adds an Ingress for a Service of the chart.',
  args: Type.Object({
    serviceName: Type.String({ minLength: 1 }),
    servicePort: Type.Optional(
      Type.Union([Type.Integer({ minimum: 1, maximum: 65535 }), Type.String({ minLength: 1 })], {
        description: "Number or name of the port; without it the Service's first.",
      }),
    ),
    host: Type.Optional(Type.String()),
    path: Type.Optional(Type.String({ description: 'Default `/`.' })),
    pathType: Type.Optional(
      Type.Union([Type.Literal('Prefix'), Type.Literal('Exact'), Type.Literal('ImplementationSpecific')], {
        description: 'Default `Prefix`.',
      }),
    ),
    ingressClassName: Type.Optional(Type.String()),
    tlsSecretName: Type.Optional(Type.String({ description: 'Secret with the certificate of the host.' })),
    annotations: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        maxProperties: 100,
        description: 'Keys that are harmless, as of CustomPatch (`allows`).',
      }),
    ),
    name: Type.Optional(Type.String({ description: 'Name of the Ingress; default the name of the Service.' })),
  }),
  example: { serviceName: 'web', servicePort: 80, host: 'web.example.com', ingressClassName: 'nginx' },
  apply: (documents, args, { metadataDomains }) => {
    checkMetadataKeys(NAME, args.annotations ?? {}, metadataDomains);
    const services = documents.filter(({ kind, apiVersion }) => kind === 'Service' && apiVersion === 'v1');
    const service = services.find(({ name }) => name === args.serviceName);
    if (service === undefined) {
      const names = services.map(({ name }) => name).join(', ') || 'none';
      throw refused(NAME, `the chart has no Service ${args.serviceName}; it has: ${names}`);
    }
    const { path = '/', pathType = 'Prefix', host, tlsSecretName, ingressClassName, annotations } = args;
    const name = args.name ?? args.serviceName;
    const backend = { service: { name: args.serviceName, port: portOf(service, args.servicePort) } };
    const labels = valueAt(service.object, 'metadata', 'labels');
    const object: JsonObject = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name, ...(labels !== undefined && { labels }), ...(annotations && { annotations }) },
      spec: {
        ...(ingressClassName !== undefined && { ingressClassName }),
        ...(tlsSecretName !== undefined && {
          tls: [{ secretName: tlsSecretName, ...(host !== undefined && { hosts: [host] }) }],
        }),
        rules: [{ ...(host !== undefined && { host }), http: { paths: [{ path, pathType, backend }] } }],
      },
    };
    return { changed: [], added: isThere(documents, name, object) ? [] : [object], warnings: [] };
  },
});

/**
 * A port by number or name.
 * @throws PLUGIN_REFUSED if the Service does not have it
 */
function portOf(service: ManifestDocument, wanted: string | number | undefined): JsonObject {
  const ports = asObjects(valueAt(service.object, 'spec', 'ports'));
  const port =
    wanted === undefined
      ? ports[0]
      : ports.find(
          ({ port: number, name }) => wanted === number || wanted === name || wanted === String(number as number),
        );
  if (port === undefined) {
    const problem = wanted === undefined ? 'has no ports' : `has no port ${wanted}`;
    throw refused(NAME, `Service ${service.name} ${problem}`, service);
  }
  const { port: number, name } = port;
  return typeof number === 'number' ? { number } : { name: name ?? '' };
}

function isThere(documents: readonly ManifestDocument[], name: string, object: JsonObject): boolean {
  const other = documents.find((each) => each.kind === 'Ingress' && each.name === name);
  if (other !== undefined && sortedJson(other.object) !== sortedJson(object)) {
    throw refused(NAME, `the chart has an Ingress ${name} of its own: choose another name by \`name\``, other);
  }
  return other !== undefined;
}
