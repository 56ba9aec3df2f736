import { isJsonObject, type JsonObject } from '../json/json.ts';
import { asString } from '../json/json-reading.ts';
import { type Conversion, NotConvertible } from './conversion.ts';
import { mapField, withDefaults, without } from './with-defaults.ts';

/** Versions `names` of an API group. */
function versions(group: string, ...names: readonly string[]): string[] {
  return names.map((name) => `${group}/${name}`);
}

function convertSigningRequest(object: JsonObject): JsonObject {
  return mapField(object, 'spec', (spec) => {
    const signer = asString(spec['signerName']);
    if (signer === '' || signer === 'kubernetes.io/legacy-unknown') {
      throw new NotConvertible('it names no signer (signerName), and certificates.k8s.io/v1 has no default for it');
    }
    return withDefaults(spec, { usages: ['digital signature', 'key encipherment'] });
  });
}

/** `v1alpha1` had everything below `spec`, and a different name for the handler. */
function convertRuntimeClass(object: JsonObject, from: string): JsonObject {
  const { spec } = object;
  if (!from.endsWith('/v1alpha1') || !isJsonObject(spec)) {
    return object;
  }
  const { runtimeHandler = '' } = spec;
  return { ...without(object, 'spec'), ...without(spec, 'runtimeHandler'), handler: runtimeHandler };
}

/** Shares were renamed in `v1beta3`; before that, 0 meant the default. */
function convertPriorityLevel(object: JsonObject, from: string): JsonObject {
  if (from.endsWith('/v1beta3')) {
    return object;
  }
  return mapField(object, 'spec', (spec) =>
    mapField(spec, 'limited', (limited) => {
      const { assuredConcurrencyShares: shares } = limited;
      const rest = without(limited, 'assuredConcurrencyShares');
      return typeof shares === 'number' && shares > 0 ? withDefaults(rest, { nominalConcurrencyShares: shares }) : rest;
    }),
  );
}

const storage = 'storage.k8s.io';
const storageKinds = [
  'StorageClass',
  'VolumeAttachment',
  'CSIDriver',
  'CSINode',
  'CSIStorageCapacity',
  'VolumeAttributesClass',
];
const flow = 'flowcontrol.apiserver.k8s.io';
const flowFrom = versions(flow, 'v1alpha1', 'v1beta1', 'v1beta2', 'v1beta3');
const flowTo = versions(flow, 'v1', 'v1beta3');

/** Cluster-level kinds: storage, scheduling, leases, certificates, runtimes, flow control, aggregation. */
export const clusterConversions: readonly Conversion[] = [
  ...storageKinds.map((kind) => ({
    kind,
    from: versions(storage, 'v1alpha1', 'v1beta1'),
    to: versions(storage, 'v1', 'v1beta1'),
  })),
  {
    kind: 'PriorityClass',
    from: versions('scheduling.k8s.io', 'v1alpha1', 'v1beta1'),
    to: versions('scheduling.k8s.io', 'v1'),
  },
  { kind: 'Lease', from: versions('coordination.k8s.io', 'v1beta1'), to: versions('coordination.k8s.io', 'v1') },
  {
    kind: 'CertificateSigningRequest',
    from: versions('certificates.k8s.io', 'v1beta1'),
    to: versions('certificates.k8s.io', 'v1'),
    convert: convertSigningRequest,
  },
  {
    kind: 'RuntimeClass',
    from: versions('node.k8s.io', 'v1alpha1', 'v1beta1'),
    to: versions('node.k8s.io', 'v1'),
    convert: convertRuntimeClass,
  },
  { kind: 'FlowSchema', from: flowFrom, to: flowTo },
  { kind: 'PriorityLevelConfiguration', from: flowFrom, to: flowTo, convert: convertPriorityLevel },
  {
    kind: 'APIService',
    from: versions('apiregistration.k8s.io', 'v1beta1'),
    to: versions('apiregistration.k8s.io', 'v1'),
  },
];
