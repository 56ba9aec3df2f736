import type { Caller } from '../../../domain/access/caller.ts';
import { asObject } from '../../../domain/json/json-reading.ts';
import { asKubeObject, type KubeObject } from '../../../domain/kube/kube-object.ts';
import type { JsonObject } from '../../../domain/json/json.ts';
import { applyMergePatch } from '../../../domain/patch/merge-patch.ts';
import type { ObjectWriter, WriteOutcome, WrittenRef } from '../../../ports/cluster/object-writer.ts';

/** Called before each write with what it does; throws what the cluster would refuse it with. */
export type Judge = (verb: keyof ObjectWriter, ref: WrittenRef, caller: Caller | null) => void;

/** Writes into a list of objects, which a reader may have, too. */
export function createMemoryObjectWriter(objects: KubeObject[], judge: Judge = () => {}): ObjectWriter {
  let writes = 0;

  const at = ({ kind, namespace, name }: WrittenRef) =>
    objects.findIndex(
      (object) => object.kind === kind && object.metadata.namespace === namespace && object.metadata.name === name,
    );
  const stamped = (object: KubeObject): KubeObject => {
    writes += 1;
    const metadata = { uid: `uid-${writes}`, ...object.metadata, resourceVersion: String(writes) };
    return { ...object, metadata };
  };
  async function change(
    ref: WrittenRef,
    act: (found: KubeObject, index: number) => WriteOutcome,
  ): Promise<WriteOutcome> {
    const index = at(ref);
    const found = objects[index];
    return found === undefined ? 'absent' : act(found, index);
  }

  return {
    async create(given, caller) {
      const { kind, namespace, name, labels, annotations, content } = given;
      judge('create', given, caller);
      if (at(given) >= 0) {
        return null;
      }
      const metadata = {
        name,
        ...(namespace && { namespace }),
        ...(labels && { labels }),
        ...(annotations && { annotations }),
      };
      const made = stamped({ ...content, apiVersion: 'v1', kind, metadata });
      objects.push(made);
      return made;
    },
    async replace(object, caller) {
      const { name, namespace, resourceVersion } = object.metadata;
      const ref = { kind: object.kind, name, ...(namespace !== undefined && { namespace }) };
      judge('replace', ref, caller);
      return change(ref, (found, index) => {
        if (found.metadata.resourceVersion !== resourceVersion) {
          return 'changed';
        }
        objects[index] = stamped(object);
        return 'done';
      });
    },
    async patch(ref, patch, caller) {
      judge('patch', ref, caller);
      const based = asObject(patch['metadata'])['resourceVersion'];
      return change(ref, (found, index) => {
        if (based !== undefined && based !== found.metadata.resourceVersion) {
          return 'changed';
        }
        const patched = applyMergePatch(found as unknown as JsonObject, patch) as JsonObject;
        objects[index] = stamped(asKubeObject(patched));
        return 'done';
      });
    },
    async remove({ uid, ...ref }, caller) {
      judge('remove', ref, caller);
      return change(ref, (found, index) => {
        if (uid !== undefined && found.metadata.uid !== uid) {
          return 'changed';
        }
        objects.splice(index, 1);
        return 'done';
      });
    },
  };
}
