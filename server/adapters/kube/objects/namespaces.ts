import type { KubeObject } from '../../../domain/kube/kube-object.ts';
import { problem, ProblemError } from '../../../domain/errors/problem-error.ts';
import { type Clock, sleep } from '../../../ports/runtime/clock.ts';
import type { NamespaceAdapter } from '../../../ports/gate/gated-adapters.ts';
import type { FencedKube } from '../client/fenced-kube.ts';
import { hasStatus } from '../client/kube-api-error.ts';
import { problemOf } from '../client/problem-of.ts';
import { resourcePath, type ResourceType } from '../client/resource-path.ts';
import type { WatchScope } from '../watch/scoped-watch.ts';

const NAMESPACES = { group: '', version: 'v1', plural: 'namespaces' };
/** Records the task that a namespace was created for. */
const TASK_ANNOTATION = 'walm.io/created-for-task';
const GONE_WITHIN_MS = 30_000;
const CHECK_EVERY_MS = 200;

/** Written by Kubernetes about other objects; they are removed with the namespace. */
const TRACES = new Set(['events', 'endpoints', 'endpointslices', 'leases', 'controllerrevisions']);
/** Kubernetes creates these in every namespace. */
const FURNITURE = new Set(['serviceaccounts/default', 'configmaps/kube-root-ca.crt']);
/** Secrets that Walm stores in a release's namespace are removed with it. */
const WALM_LABEL = 'app.kubernetes.io/managed-by';

/** `listKinds` returns every kind that can be listed in a namespace, including custom ones. */
export type KubeNamespacesDeps = {
  kube: FencedKube;
  clock: Clock;
  scope: WatchScope;
  listKinds: () => Promise<ResourceType[]>;
};

/** Namespaces of the API server, read each time. */
export function createKubeNamespaces({ kube, clock, scope, listKinds }: KubeNamespacesDeps): NamespaceAdapter {
  const pathOf = (name: string) => resourcePath(NAMESPACES, undefined, name);

  async function find(name: string): Promise<KubeObject | undefined> {
    try {
      return await kube.get(pathOf(name));
    } catch (error) {
      if (hasStatus(error, 404)) {
        return undefined;
      }
      throw problemOf(error, { kind: 'Namespace', name });
    }
  }

  async function isEmpty(name: string): Promise<boolean> {
    const kinds = (await listKinds()).filter(({ plural }) => !TRACES.has(plural));
    const lists = await Promise.all(
      kinds.map(async (type) => {
        const { items } = await kube.list(resourcePath(type, name), { metadataOnly: true });
        return items.filter(
          ({ metadata }) =>
            !FURNITURE.has(`${type.plural}/${metadata.name}`) &&
            !(type.plural === 'secrets' && metadata.labels?.[WALM_LABEL] === 'walm'),
        );
      }),
    );
    return lists.every((items) => items.length === 0);
  }

  async function untilGone(name: string): Promise<void> {
    for (let waited = 0; waited < GONE_WITHIN_MS && (await find(name)) !== undefined; waited += CHECK_EVERY_MS) {
      await sleep(clock, CHECK_EVERY_MS);
    }
  }

  return {
    async exists(name) {
      try {
        const found = await find(name);
        if (found?.metadata.deletionTimestamp !== undefined) {
          const object = { apiVersion: 'v1', kind: 'Namespace', name };
          const message = `namespace ${name} is being deleted: wait until it is gone, and create it again`;
          throw problem('NAMESPACE_TERMINATING', message, {}, object);
        }
        return found !== undefined;
      } catch (error) {
        // A watched namespace that Walm may not read: a later write shows whether it exists.
        if (error instanceof ProblemError && error.code === 'FORBIDDEN' && scope.includes(name)) {
          return true;
        }
        throw error;
      }
    },
    async names() {
      if (scope.length > 0) {
        return scope.toSorted();
      }
      try {
        const { items } = await kube.list(resourcePath(NAMESPACES), { metadataOnly: true });
        const living = items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
        return living.map(({ metadata }) => metadata.name).toSorted();
      } catch (error) {
        throw problemOf(error, { kind: 'Namespace', name: '' });
      }
    },
    async create(name, taskId, as, pass) {
      const namespace = {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name, annotations: { [TASK_ANNOTATION]: taskId } },
      };
      try {
        await kube.writing(pass).create(resourcePath(NAMESPACES), namespace, { as });
      } catch (error) {
        if (!hasStatus(error, 409)) {
          throw problemOf(error, { kind: 'Namespace', name });
        }
      }
    },
    async removeIfUnused(name, taskId, as, pass) {
      const found = await find(name);
      if (found?.metadata.annotations?.[TASK_ANNOTATION] !== taskId || !(await isEmpty(name))) {
        return false;
      }
      const { uid, resourceVersion } = found.metadata;
      try {
        const preconditions = { ...(uid && { uid }), ...(resourceVersion && { resourceVersion }) };
        await kube.writing(pass).remove(pathOf(name), { preconditions }, { as });
      } catch (error) {
        if (hasStatus(error, 409) || hasStatus(error, 404) || hasStatus(error, 403)) {
          return false;
        }
        throw problemOf(error, { kind: 'Namespace', name });
      }
      await untilGone(name);
      return true;
    },
  };
}
