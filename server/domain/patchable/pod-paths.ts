import type { JsonObject, JsonValue } from '../json/json.ts';
import { asObject, asObjects, asString, valueAt } from '../json/json-reading.ts';
import {
  above,
  anything,
  type Change,
  flag,
  growing,
  ofNewEntry,
  oneOf,
  only,
  type Place,
  quantity,
  shrinking,
  text,
  texts,
  type ValueRule,
  whole,
  wholeOrText,
  withItsEntry,
} from './value-rule.ts';

/** Paths below a container, an init container or the spec of a pod, with the allowed changes of the field. */
export type PathRules = Readonly<Record<string, ValueRule>>;

/** Volumes that end with the pod, or whose contents do not depend on the reader's user id. */
const FLEETING = new Set(['name', 'emptyDir', 'configMap', 'secret', 'downwardAPI', 'projected']);
const LOWEST_USER = 1000;

const emptyDirMount: ValueRule = {
  says: 'a text, where the volume is an `emptyDir` before and after (or is new)',
  allows: (before, after, change) =>
    [before, after].every((value) => value === undefined || typeof value === 'string') && mountsEmptyDir(change),
};

const mountReadOnly: ValueRule = {
  says: '`true`; anything else only where the volume is an `emptyDir`',
  allows: (_, after, change) => after === true || (typeof after !== 'object' && mountsEmptyDir(change)),
};

const otherUser: ValueRule = {
  says: `a number from ${LOWEST_USER}, where it was 0 or the pod has no volume that outlives it`,
  allows: (before, after, { before: place }) => {
    const { spec, effective } = podOf(place, before);
    const keeps = asObjects(spec['volumes']).some((volume) => Object.keys(volume).some((key) => !FLEETING.has(key)));
    const claims = asObjects(valueAt(place.root, 'spec', 'volumeClaimTemplates')).length > 0;
    return Number.isInteger(after) && Number(after) >= LOWEST_USER && (effective === 0 || !(keeps || claims));
  },
};

const defaultProfile: ValueRule = {
  says: '`RuntimeDefault`, where there was none or `Unconfined`',
  allows: (before, after, { before: place }) => {
    const { effective } = podOf(place, before);
    return after === 'RuntimeDefault' && (effective === undefined || effective === 'Unconfined' || effective === after);
  },
};

const context: PathRules = {
  'securityContext/runAsNonRoot': only(true),
  'securityContext/runAsUser': otherUser,
  'securityContext/seccompProfile/type': defaultProfile,
};

const fields: PathRules = {
  'fieldRef/apiVersion': text,
  'fieldRef/fieldPath': text,
  'resourceFieldRef/containerName': text,
  'resourceFieldRef/divisor': wholeOrText,
  'resourceFieldRef/resource': text,
};

const action: PathRules = {
  'exec/command': texts,
  'httpGet/path': text,
  'httpGet/port': wholeOrText,
  'httpGet/scheme': oneOf('HTTP', 'HTTPS'),
  'httpGet/httpHeaders/*/name': text,
  'httpGet/httpHeaders/*/value': text,
};

const probe: PathRules = {
  ...action,
  'tcpSocket/port': wholeOrText,
  'grpc/port': whole,
  'grpc/service': text,
  initialDelaySeconds: whole,
  periodSeconds: whole,
  timeoutSeconds: whole,
  successThreshold: whole,
  failureThreshold: whole,
  terminationGracePeriodSeconds: whole,
};

const amounts: PathRules = { cpu: quantity, memory: quantity, 'ephemeral-storage': quantity };

/** Of a container. Probes and hooks name no host, because the kubelet would call it from the node. */
const container: PathRules = {
  name: ofNewEntry,
  image: text,
  imagePullPolicy: oneOf('Always', 'IfNotPresent', 'Never'),
  command: texts,
  args: texts,
  workingDir: text,
  terminationMessagePolicy: oneOf('File', 'FallbackToLogsOnError'),
  'env/*/name': withItsEntry,
  'env/*/value': text,
  ...below('env/*/valueFrom', fields),
  ...below('resources/limits', amounts),
  ...below('resources/requests', amounts),
  'ports/*/name': text,
  'ports/*/containerPort': whole,
  'ports/*/protocol': oneOf('TCP', 'UDP', 'SCTP'),
  ...below('livenessProbe', probe),
  ...below('readinessProbe', probe),
  ...below('startupProbe', probe),
  ...below('lifecycle/postStart', { ...action, 'sleep/seconds': whole }),
  ...below('lifecycle/preStop', { ...action, 'sleep/seconds': whole }),
  'volumeMounts/*/name': emptyDirMount,
  'volumeMounts/*/mountPath': emptyDirMount,
  'volumeMounts/*/readOnly': mountReadOnly,
  ...context,
  'securityContext/allowPrivilegeEscalation': only(false),
  'securityContext/privileged': only(false),
  'securityContext/readOnlyRootFilesystem': only(true),
  'securityContext/capabilities/add': shrinking,
  'securityContext/capabilities/drop': growing,
};

/** Of the spec of a pod. */
export const podPaths: PathRules = {
  ...below('containers/*', container),
  ...below('initContainers/*', container),
  'volumes/*/name': withItsEntry,
  'volumes/*/emptyDir/medium': oneOf('', 'Memory'),
  'volumes/*/emptyDir/sizeLimit': quantity,
  ...context,
  activeDeadlineSeconds: whole,
  affinity: anything,
  automountServiceAccountToken: only(false),
  enableServiceLinks: flag,
  nodeSelector: anything,
  restartPolicy: oneOf('Always', 'OnFailure', 'Never'),
  terminationGracePeriodSeconds: whole,
  tolerations: anything,
  topologySpreadConstraints: anything,
};

/** The rules, each below a path. */
export function below(path: string, rules: PathRules): PathRules {
  return Object.fromEntries(Object.entries(rules).map(([inner, rule]) => [`${path}/${inner}`, rule]));
}

function mountsEmptyDir({ before, after }: Change): boolean {
  const [old, now] = [above(before, 1), above(after, 1)].map((mount) => asString(mount['name']));
  return [old, now].every(
    (name) => !name || (isEmptyDirOrNew(volumesOf(before), name) && isEmptyDirOrNew(volumesOf(after), name)),
  );
}

// A field of a mount is five steps below the spec of its pod.
function volumesOf(place: Place): JsonObject[] {
  return asObjects(above(place, 5)['volumes']);
}

function isEmptyDirOrNew(volumes: readonly JsonObject[], name: string): boolean {
  return volumes
    .filter((volume) => volume['name'] === name)
    .every((volume) => Object.keys(volume).every((key) => key === 'name' || key === 'emptyDir'));
}

/**
 * The pod's spec above a field of a security context, and the effective value of the field with the pod's own context.
 */
function podOf(place: Place, own: JsonValue | undefined): { spec: JsonObject; effective: JsonValue | undefined } {
  const at = place.path.lastIndexOf('securityContext');
  const isContainers = typeof place.path[at - 1] === 'number';
  const spec = above(place, place.path.length - at + (isContainers ? 2 : 0));
  const inherited = valueAt(asObject(spec['securityContext']), ...place.path.slice(at + 1));
  return { spec, effective: own ?? (isContainers ? inherited : undefined) };
}
