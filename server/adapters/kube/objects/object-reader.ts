import type { KubeObject } from '../../../domain/kube/kube-object.ts';
import type { ObjectPlace, ObjectReader, ObjectReading, ReadKind } from '../../../ports/cluster/object-reader.ts';
import type { KubeReader } from '../client/kube-api.ts';
import { hasStatus } from '../client/kube-api-error.ts';
import { listPages } from '../client/list-pages.ts';
import { problemOf } from '../client/problem-of.ts';
import { type ResourceType, resourcePath } from '../client/resource-path.ts';

const core = (plural: string): ResourceType => ({ group: '', version: 'v1', plural });

/** Where each kind is, and how many objects of it are read at once: an editor's objects may be large. */
const KINDS: Readonly<Record<ReadKind, { type: ResourceType; page: number }>> = {
  Event: { type: core('events'), page: 100 },
  Namespace: { type: core('namespaces'), page: 50 },
  Node: { type: core('nodes'), page: 50 },
  PersistentVolumeClaim: { type: core('persistentvolumeclaims'), page: 50 },
  Pod: { type: core('pods'), page: 50 },
  ResourceQuota: { type: core('resourcequotas'), page: 50 },
  Secret: { type: core('secrets'), page: 10 },
  StorageClass: { type: { group: 'storage.k8s.io', version: 'v1', plural: 'storageclasses' }, page: 50 },
};

/** Objects of the API server. */
export function createKubeObjectReader({ kube }: { kube: Pick<KubeReader, 'get' | 'list'> }): ObjectReader {
  async function readOne(
    type: ResourceType,
    { kind, namespace, name }: { kind: string; namespace?: string; name: string },
    reading: ObjectReading,
  ): Promise<KubeObject | null> {
    try {
      return await kube.get(resourcePath(type, namespace, name), reading);
    } catch (error) {
      if (hasStatus(error, 404)) {
        return null;
      }
      throw problemOf(error, { kind, namespace: namespace ?? '', name });
    }
  }

  return {
    get: (kind, at, reading) => readOne(KINDS[kind].type, { kind, ...at }, reading),
    find: ({ group, version, plural }, at, reading) =>
      readOne({ group, version, plural }, { kind: plural, ...at }, reading),
    async *list(kind, place, reading): AsyncGenerator<KubeObject[], void, undefined> {
      const { type, page } = KINDS[kind];
      const selector = fieldSelectorOf(place);
      const query = { limit: page, ...(selector !== '' && { fieldSelector: selector }) };
      try {
        yield* listPages(kube, resourcePath(type, place.namespace), query, reading);
      } catch (error) {
        throw problemOf(error, { kind, namespace: place.namespace ?? '', name: '' });
      }
    },
  };
}

/** Names and types hold none of the characters that a selector would have to escape. */
function fieldSelectorOf({ about, onNode, exceptTypes = [] }: ObjectPlace): string {
  return [
    ...(about === undefined ? [] : [`involvedObject.name=${about.name}`, `involvedObject.uid=${about.uid}`]),
    ...(onNode === undefined ? [] : [`spec.nodeName=${onNode}`]),
    ...exceptTypes.map((type) => `type!=${type}`),
  ].join(',');
}
