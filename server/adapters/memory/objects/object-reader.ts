import { asString, valueAt } from '../../../domain/json/json-reading.ts';
import type { KubeObject } from '../../../domain/kube/kube-object.ts';
import type { ObjectReader } from '../../../ports/cluster/object-reader.ts';

const PAGE = 2;

/** Objects in memory, in small pages. Who reads them makes no difference. */
export function createMemoryObjectReader(objects: readonly KubeObject[]): ObjectReader {
  return {
    get: (kind, { namespace, name }) =>
      Promise.resolve(
        objects.find(
          (object) => object.kind === kind && object.metadata.namespace === namespace && object.metadata.name === name,
        ) ?? null,
      ),
    find: ({ group, version, plural }, { namespace, name }) =>
      Promise.resolve(
        objects.find(
          ({ apiVersion, kind, metadata }) =>
            apiVersion === (group === '' ? version : `${group}/${version}`) &&
            `${kind.toLowerCase()}s` === plural &&
            metadata.namespace === namespace &&
            metadata.name === name,
        ) ?? null,
      ),
    async *list(kind, { namespace, about, onNode, exceptTypes = [] }, { signal }) {
      const found = objects.filter(
        (object) =>
          object.kind === kind &&
          (namespace === undefined || object.metadata.namespace === namespace) &&
          (about === undefined ||
            (valueAt(object['involvedObject'], 'name') === about.name &&
              valueAt(object['involvedObject'], 'uid') === about.uid)) &&
          (onNode === undefined || valueAt(object.spec, 'nodeName') === onNode) &&
          !exceptTypes.includes(asString(object['type'])),
      );
      for (let at = 0; at < found.length; at += PAGE) {
        await Promise.resolve();
        signal.throwIfAborted();
        yield found.slice(at, at + PAGE);
      }
    },
  };
}
