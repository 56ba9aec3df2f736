import { asObject, asNumber, asString, valueAt } from '../json/json-reading.ts';
import type { JsonObject } from '../json/json.ts';
import type { ManifestDocument, TransformDocuments } from '../kube/manifest-document.ts';
import { parseApiVersion } from '../kube/kube-object.ts';

/**
 * Stops a rollout where it is (decision 35: `onFailure: hold`): Deployments are paused, StatefulSets update no further
 * pod. Running pods continue; the next upgrade, which renders neither field, continues the rollout.
 */
export const holdTransform: TransformDocuments = (documents) => ({
  changed: documents.flatMap((document) => {
    const object = document.hook === undefined ? held(document) : undefined;
    return object === undefined ? [] : [{ index: document.index, object }];
  }),
  added: [],
  warnings: [],
});

function held({ apiVersion, kind, object }: ManifestDocument): JsonObject | undefined {
  const spec = asObject(object['spec']);
  if (parseApiVersion(apiVersion).group !== 'apps') {
    return undefined;
  }
  if (kind === 'Deployment') {
    return { ...object, spec: { ...spec, paused: true } };
  }
  const strategy = asObject(spec['updateStrategy']);
  if (kind !== 'StatefulSet' || asString(strategy['type']) === 'OnDelete') {
    return undefined;
  }
  const first = asNumber(valueAt(spec, 'ordinals', 'start'));
  const partition = first + asNumber(spec['replicas'], 1);
  const rollingUpdate = { ...asObject(strategy['rollingUpdate']), partition };
  return { ...object, spec: { ...spec, updateStrategy: { ...strategy, type: 'RollingUpdate', rollingUpdate } } };
}
