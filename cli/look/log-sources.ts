import { at, listAt, textAt } from '../render/read-value.ts';

/** A container whose log is shown. */
export interface LogSource {
  /** Tells two pods of one name apart, one after the other. */
  readonly key: string;
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** Which containers are meant. */
export interface LogChoice {
  /** Names of pods; empty: all. */
  readonly pods: readonly string[];
  /** Name of the container; undefined: all, or only the first of each pod. */
  readonly container: string | undefined;
  readonly allContainers: boolean;
  /** Only containers that were restarted: what they wrote before. */
  readonly previous: boolean;
}

/** The containers of pods whose logs are meant, in the order of the pods; init containers come first, as they run. */
export function logSources(pods: readonly unknown[], choice: LogChoice): LogSource[] {
  return pods
    .filter((pod) => choice.pods.length === 0 || choice.pods.includes(textAt(pod, 'name')))
    .flatMap((pod) => {
      const isMany = choice.allContainers || choice.container !== undefined;
      const all = isMany ? [...listAt(pod, 'initContainers'), ...listAt(pod, 'containers')] : defaultContainer(pod);
      return all
        .filter((container) => choice.container === undefined || textAt(container, 'name') === choice.container)
        .filter((container) => !choice.previous || at(container, 'restartCount') !== 0)
        .map((container) => ({
          key: [textAt(pod, 'name'), textAt(pod, 'createdAt'), textAt(container, 'name')].join('/'),
          namespace: textAt(pod, 'namespace'),
          pod: textAt(pod, 'name'),
          container: textAt(container, 'name'),
        }));
    });
}

/** The container that kubectl shows, too, where none is named. */
function defaultContainer(pod: unknown): readonly unknown[] {
  const containers = listAt(pod, 'containers');
  const marked = textAt(pod, 'annotations', 'kubectl.kubernetes.io/default-container');
  return [containers.find((container) => textAt(container, 'name') === marked) ?? containers[0]].filter(Boolean);
}

/** Whether no container of a pod will write any more. */
export function hasEnded(pod: unknown): boolean {
  return ['Succeeded', 'Failed'].includes(textAt(pod, 'phase'));
}
