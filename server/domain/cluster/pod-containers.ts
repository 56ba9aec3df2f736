import { asObjects, asString } from '../json/json-reading.ts';
import { type KubeObject, specOf } from '../kube/kube-object.ts';

/** kubectl's annotation of the container that is meant if none is named. */
const DEFAULT_CONTAINER = 'kubectl.kubernetes.io/default-container';

/** Names of the containers of a pod that have logs, the main ones first. */
export function containersOf(pod: KubeObject): string[] {
  const spec = specOf(pod);
  return [...asObjects(spec['containers']), ...asObjects(spec['initContainers'])].map(({ name }) => asString(name));
}

/** The container that is meant if none is named: the pod's default one, else its first. */
export function defaultContainer(pod: KubeObject): string {
  const marked = pod.metadata.annotations?.[DEFAULT_CONTAINER] ?? '';
  const [first = ''] = containersOf(pod);
  return containersOf(pod).includes(marked) ? marked : first;
}
