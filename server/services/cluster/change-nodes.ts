import type {
  AnnotationChange,
  LabelChange,
  TaintChange,
  TaintPreview,
} from '../../../contract/schemas/cluster/node-change.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { annotationPatch, labelPatch } from '../../domain/cluster/marks-patch.ts';
import { changedTaints, isEvicted, type NodeTaint, taintsOf } from '../../domain/cluster/taints.ts';
import { nodeNotFound, objectChanged } from '../../domain/errors/object-problems.ts';
import { ProblemError } from '../../domain/errors/problem-error.ts';
import type { JsonObject } from '../../domain/json/json.ts';
import type { ObjectReader, ObjectReading } from '../../ports/cluster/object-reader.ts';
import type { ObjectWriter } from '../../ports/cluster/object-writer.ts';
import { collectObjects } from './collect-objects.ts';

/**
 * Changes nodes in the name of the caller; throws as `ObjectWriter`, and LABEL_INVALID before anything is written.
 */
export interface ChangeNodes {
  /** @throws ProblemError LABEL_INVALID, NODE_NOT_FOUND */
  labelNode(name: string, change: LabelChange, caller: Caller | null): Promise<void>;
  /** @throws ProblemError LABEL_INVALID, NODE_NOT_FOUND */
  annotateNode(name: string, change: AnnotationChange, caller: Caller | null): Promise<void>;
  /**
   * Null: it is done; with `dryrun`, what would happen.
   * @throws ProblemError LABEL_INVALID, NODE_NOT_FOUND, OBJECT_CHANGED, TOO_MANY_OBJECTS
   */
  taintNode(
    name: string,
    change: TaintChange,
    options: { dryrun: boolean },
    reading: ObjectReading,
  ): Promise<TaintPreview | null>;
}

/** A node changes when its kubelet reports: the change is based on what it is then. */
const ATTEMPTS = 5;

export function createChangeNodes({
  reader,
  writer,
}: {
  reader: Pick<ObjectReader, 'get' | 'list'>;
  writer: Pick<ObjectWriter, 'patch'>;
}): ChangeNodes {
  /** Null if the caller may not list the pods of all namespaces. */
  async function evictedBy(
    node: string,
    before: readonly NodeTaint[],
    after: readonly NodeTaint[],
    reading: ObjectReading,
  ): Promise<TaintPreview['evicted']> {
    try {
      return await collectObjects(reader, { kind: 'Pod', onNode: node }, reading, (pod) =>
        isEvicted(pod, before, after)
          ? { namespace: pod.metadata.namespace ?? '', name: pod.metadata.name }
          : undefined,
      );
    } catch (error) {
      if (error instanceof ProblemError && error.code === 'FORBIDDEN') {
        return null;
      }
      throw error;
    }
  }

  async function patch(name: string, change: JsonObject, caller: Caller | null): Promise<void> {
    // A merge patch of metadata is based on no version: nothing but the node's absence can be in its way.
    const outcome = await writer.patch({ kind: 'Node', name }, change, caller);
    if (outcome !== 'done') {
      throw nodeNotFound(name);
    }
  }

  return {
    labelNode: async (name, { addLabels: add = {}, removeLabels: remove = [] }, caller) =>
      patch(name, labelPatch({ add, remove }), caller),
    async taintNode(name, change, { dryrun }, reading) {
      for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
        const node = await reader.get('Node', { name }, reading);
        if (node === null) {
          throw nodeNotFound(name);
        }
        const before = taintsOf(node);
        const after = changedTaints(before, change);
        if (dryrun) {
          const taints = after.map(({ key, value, effect }) => ({ key, value, effect }));
          return { taints, evicted: await evictedBy(name, before, after, reading) };
        }
        // A list is replaced as a whole: only as long as it is the one that was read.
        const { resourceVersion = '' } = node.metadata;
        const patch = { metadata: { resourceVersion }, spec: { taints: after.map(({ whole }) => whole) } };
        const outcome = await writer.patch({ kind: 'Node', name }, patch, reading.as);
        if (outcome === 'done') {
          return null;
        }
      }
      throw objectChanged('Node', '', name);
    },
    annotateNode: async (name, { addAnnotations: add = {}, removeAnnotations: remove = [] }, caller) =>
      patch(name, annotationPatch({ add, remove }), caller),
  };
}
