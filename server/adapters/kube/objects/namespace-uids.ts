import type { NamespaceUids } from '../../../ports/cluster/namespace-uids.ts';
import { hasStatus } from '../client/kube-api-error.ts';
import type { KubeReader } from '../client/kube-api.ts';
import { problemOf } from '../client/problem-of.ts';
import { resourcePath } from '../client/resource-path.ts';

const NAMESPACES = { group: '', version: 'v1', plural: 'namespaces' };

type Asking = { running: Promise<string | null>; next?: Promise<string | null> };

/**
 * UIDs from the API server. A caller that asks during a request shares the next request: an answer is never older than
 * the question.
 */
export function createKubeNamespaceUids({ kube }: { kube: Pick<KubeReader, 'get'> }): NamespaceUids {
  const asked = new Map<string, Asking>();

  async function read(name: string): Promise<string | null> {
    try {
      const { metadata } = await kube.get(resourcePath(NAMESPACES, undefined, name));
      return metadata.uid ?? null;
    } catch (error) {
      if (hasStatus(error, 404)) {
        return null;
      }
      throw problemOf(error, { kind: 'Namespace', name });
    }
  }

  function begin(name: string): Promise<string | null> {
    const asking: Asking = {
      running: read(name).finally(() => {
        if (asked.get(name) === asking && asking.next === undefined) {
          asked.delete(name);
        }
      }),
    };
    asked.set(name, asking);
    return asking.running;
  }

  return {
    uidOf(name) {
      const asking = asked.get(name);
      if (asking === undefined) {
        return begin(name);
      }
      asking.next ??= asking.running.catch(() => null).then(() => begin(name));
      return asking.next;
    },
  };
}
