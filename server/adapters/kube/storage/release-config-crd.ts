import { isDeepStrictEqual } from 'node:util';

import type { JsonObject } from '../../../domain/json/json.ts';
import { asObject, asObjects, valueAt } from '../../../domain/json/json-reading.ts';
import type { KubeObject } from '../../../domain/kube/kube-object.ts';
import { type Clock, sleep } from '../../../ports/runtime/clock.ts';
import type { KubeApi } from '../client/kube-api.ts';
import { hasStatus } from '../client/kube-api-error.ts';
import { resourcePath } from '../client/resource-path.ts';

const CRDS = { group: 'apiextensions.k8s.io', version: 'v1', plural: 'customresourcedefinitions' };
const GROUP = 'apiextensions.transwarp.io';
const VERSION = 'v1beta1';
const PLURAL = 'releaseconfigs';
const NAME = `${PLURAL}.${GROUP}`;
const CHECK_EVERY_MS = 100;

/**
 * Values are a single field for the API server, whatever they contain: otherwise it would record a field owner for each
 * key, which takes a second per write for 20,000 keys and doubles the object.
 */
const VALUES = {
  type: 'object',
  nullable: true,
  'x-kubernetes-preserve-unknown-fields': true,
  'x-kubernetes-map-type': 'atomic',
};

const SCHEMA = {
  description: 'What Walm notes about a release beside the record of Helm.',
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      'x-kubernetes-preserve-unknown-fields': true,
      properties: { configValues: VALUES, commonValues: VALUES, dependenciesConfigValues: VALUES },
    },
    status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  },
};

/**
 * The kind in which Walm's facts about a release are stored; its names are those of the original Walm (decision 4: what
 * a ReleaseConfig holds).
 */
export const releaseConfigDefinition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: NAME, labels: { 'app.kubernetes.io/managed-by': 'walm' } },
  spec: {
    group: GROUP,
    scope: 'Namespaced',
    names: {
      plural: PLURAL,
      singular: 'releaseconfig',
      kind: 'ReleaseConfig',
      listKind: 'ReleaseConfigList',
      shortNames: ['relconf'],
    },
    versions: [
      {
        name: VERSION,
        served: true,
        storage: true,
        schema: { openAPIV3Schema: SCHEMA },
        additionalPrinterColumns: [
          { name: 'Chart', type: 'string', jsonPath: '.spec.chartName' },
          { name: 'Version', type: 'string', jsonPath: '.spec.chartVersion' },
          { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
        ],
      },
    ],
  },
};

/**
 * Ensures that the cluster serves ReleaseConfigs: creates a missing definition, adopts one of the original Walm,
 * updates one of an earlier Walm, and waits until discovery knows it (decision 44: the CRD at start). It is never
 * deleted (decision 11: the CRD is never deleted). If Walm may not read definitions, it is enough that the kind is
 * served. Throws if the existing definition does not serve the version, or there is none and Walm may not create it.
 */
export async function installReleaseConfigCrd(
  { kube, clock }: { kube: KubeApi; clock: Clock },
  signal: AbortSignal,
): Promise<void> {
  try {
    await establish({ kube, clock }, signal);
  } catch (error) {
    if (!hasStatus(error, 403)) {
      throw error;
    }
    if (!(await isDiscovered(kube, signal))) {
      throw new Error(
        `the cluster does not serve ${GROUP}/${VERSION}, and Walm may not define it: let an administrator ` +
          'apply deploy/releaseconfigs-crd.yaml',
        { cause: error },
      );
    }
  }
}

async function establish({ kube, clock }: { kube: KubeApi; clock: Clock }, signal: AbortSignal): Promise<void> {
  const path = resourcePath(CRDS, undefined, NAME);
  const find = async (): Promise<KubeObject | undefined> => {
    try {
      return await kube.get(path, { signal });
    } catch (error) {
      if (hasStatus(error, 404)) {
        return undefined;
      }
      throw error;
    }
  };
  if ((await find()) === undefined) {
    try {
      await kube.create(resourcePath(CRDS), releaseConfigDefinition, { signal });
    } catch (error) {
      if (!hasStatus(error, 409)) {
        throw error;
      }
    }
  }
  let found = await find();
  for (; found === undefined || !isEstablished(found); found = await find()) {
    await sleep(clock, CHECK_EVERY_MS, signal);
  }
  const current = broughtUpToDate(found);
  if (current !== null) {
    try {
      await kube.replace(path, current, { signal });
    } catch (error) {
      // Without the right to change it, or if another replica was faster, the existing definition is used: it works as
      // well, only slower.
      if (!hasStatus(error, 403) && !hasStatus(error, 409)) {
        throw error;
      }
    }
  }
  while (!(await isDiscovered(kube, signal))) {
    await sleep(clock, CHECK_EVERY_MS, signal);
  }
}

function isEstablished(crd: KubeObject): boolean {
  const served = asObjects(valueAt(crd.spec, 'versions')).some(
    (version) => version['name'] === VERSION && version['served'] === true,
  );
  if (!served) {
    throw new Error(
      `the CustomResourceDefinition ${NAME} of this cluster does not serve ${VERSION}: add that version to it, or ` +
        'remove the definition if no release uses it',
    );
  }
  return asObjects(valueAt(crd.status, 'conditions')).some(isTrue('Established'));
}

/** The updated form of a definition that Walm created; null if it is up to date, or was created by another program. */
function broughtUpToDate(crd: KubeObject): JsonObject | null {
  const versions = asObjects(valueAt(crd.spec, 'versions'));
  const own = versions.find((version) => version['name'] === VERSION);
  const isOurs = crd.metadata.labels?.['app.kubernetes.io/managed-by'] === 'walm';
  if (!isOurs || own === undefined || isDeepStrictEqual(valueAt(own, 'schema', 'openAPIV3Schema'), SCHEMA)) {
    return null;
  }
  const schema = { openAPIV3Schema: SCHEMA };
  const renewed = versions.map((version) => (version === own ? { ...version, schema } : version));
  return { ...crd, spec: { ...asObject(crd.spec), versions: renewed } };
}

function isTrue(type: string): (condition: JsonObject) => boolean {
  return (condition) => condition['type'] === type && condition['status'] === 'True';
}

async function isDiscovered(kube: KubeApi, signal: AbortSignal): Promise<boolean> {
  try {
    const text = await kube.text(`/apis/${GROUP}/${VERSION}`, {}, { signal });
    return text.includes(`"${PLURAL}"`);
  } catch (error) {
    if (hasStatus(error, 404) || hasStatus(error, 503)) {
      return false;
    }
    throw error;
  }
}
