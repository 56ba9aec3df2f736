import { problemOf } from '../client/problem-of.ts';
import type { FencedKube } from '../client/fenced-kube.ts';
import { hasStatus } from '../client/kube-api-error.ts';
import { type ResourceType, resourcePath } from '../client/resource-path.ts';
import type { ObjectWriterAdapter } from '../../../ports/gate/gated-adapters.ts';
import type { WriteOutcome, WrittenKind, WrittenRef } from '../../../ports/cluster/object-writer.ts';

/** All of them are of the core group, version v1. */
const PLURALS: Readonly<Record<WrittenKind, string>> = {
  LimitRange: 'limitranges',
  Namespace: 'namespaces',
  Node: 'nodes',
  PersistentVolumeClaim: 'persistentvolumeclaims',
  Pod: 'pods',
  ResourceQuota: 'resourcequotas',
  Secret: 'secrets',
};

/** Objects of the API server. `kube` has to refuse Walm's own namespace. */
export function createKubeObjectWriter({ kube }: { kube: Pick<FencedKube, 'writing'> }): ObjectWriterAdapter {
  async function outcomeOf(ref: WrittenRef, write: () => Promise<unknown>): Promise<WriteOutcome> {
    try {
      await write();
      return 'done';
    } catch (error) {
      if (hasStatus(error, 404)) {
        return 'absent';
      }
      if (hasStatus(error, 409)) {
        return 'changed';
      }
      throw problemOf(error, { namespace: '', ...ref });
    }
  }

  return {
    async create({ kind, namespace, name, labels, annotations, content }, as, pass) {
      const metadata = { name, ...(labels && { labels }), ...(annotations && { annotations }) };
      try {
        return await kube
          .writing(pass)
          .create(
            pathOf({ kind, ...(namespace !== undefined && { namespace }) }),
            { ...content, apiVersion: 'v1', kind, metadata },
            { as },
          );
      } catch (error) {
        if (hasStatus(error, 409)) {
          return null;
        }
        throw problemOf(error, { kind, namespace: namespace ?? '', name });
      }
    },
    replace({ kind, ...object }, as, pass) {
      const { name, namespace } = object.metadata;
      const ref = { kind, name, ...(namespace !== undefined && { namespace }) };
      return outcomeOf(ref, () => kube.writing(pass).replace(pathOf(ref), { ...object, kind }, { as }));
    },
    patch: (ref, patch, as, pass) =>
      outcomeOf(ref, () => kube.writing(pass).patch(pathOf(ref), patch, 'merge', { as })),
    remove: ({ uid, ...ref }, as, pass) =>
      outcomeOf(ref, () =>
        kube.writing(pass).remove(pathOf(ref), { ...(uid !== undefined && { preconditions: { uid } }) }, { as }),
      ),
  };
}

function pathOf({ kind, namespace, name }: Omit<WrittenRef, 'name'> & { name?: string }): string {
  const type: ResourceType = { group: '', version: 'v1', plural: PLURALS[kind] };
  return resourcePath(type, namespace, name);
}
