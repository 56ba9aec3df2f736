import type { IncomingMessage } from 'node:http';
import { problem, type ProblemError } from '../../../domain/errors/problem-error.ts';
import { podNotFound } from '../../../domain/errors/object-problems.ts';
import type { PodLogs } from '../../../ports/cluster/pod-logs.ts';
import type { KubeReader } from '../client/kube-api.ts';
import { KubeApiError } from '../client/kube-api-error.ts';
import { problemOf } from '../client/problem-of.ts';
import { resourcePath } from '../client/resource-path.ts';

const PODS = { group: '', version: 'v1', plural: 'pods' };

/** Logs that the API server gets from the kubelets. */
export function createKubePodLogs({ kube }: { kube: Pick<KubeReader, 'open'> }): PodLogs {
  return {
    async open({ namespace, name }, query, { as, signal }) {
      const { container, follow, previous, timestamps, tail, sinceSec, sinceTime, limitBytes } = query;
      try {
        const response = await kube.open(
          resourcePath(PODS, namespace, name, 'log'),
          {
            container,
            follow,
            previous,
            timestamps,
            tailLines: tail,
            sinceSeconds: sinceSec,
            sinceTime,
            limitBytes,
          },
          { as, signal },
        );
        return bytesOf(response, signal);
      } catch (error) {
        throw refusalOf(error, { namespace, name, container });
      }
    },
  };
}

/** What Node reads ahead is little (64 KiB): a reader that stops stops the kubelet. */
async function* bytesOf(response: IncomingMessage, signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
  const stop = () => response.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const chunk of response) {
      yield chunk as Uint8Array;
    }
  } catch (cause) {
    signal.throwIfAborted();
    throw problem('LOGS_UNAVAILABLE', `the log broke off: ${cause instanceof Error ? cause.message : 'no reason'}`);
  } finally {
    signal.removeEventListener('abort', stop);
    response.destroy();
  }
  signal.throwIfAborted();
}

/** The API server tells apart what a kubelet says only in words. */
function refusalOf(
  error: unknown,
  { namespace, name, container }: { namespace: string; name: string; container: string },
): unknown {
  if (!(error instanceof KubeApiError)) {
    return error;
  }
  const object = { kind: 'Pod', namespace, name };
  const about = (code: ProblemError['code']) => problem(code, error.message, { container }, object);
  if (error.status === 404 && error.message.startsWith('pods "')) {
    return podNotFound(namespace, name);
  }
  if (error.status === 400 && /is not valid for pod/.test(error.message)) {
    return about('CONTAINER_NOT_FOUND');
  }
  if (error.status === 400) {
    return about('CONTAINER_WAITING');
  }
  if (error.status === 404 || error.status >= 500) {
    return about('LOGS_UNAVAILABLE');
  }
  return problemOf(error, object);
}
