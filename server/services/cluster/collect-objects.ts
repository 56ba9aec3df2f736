import { problem } from '../../domain/errors/problem-error.ts';
import type { KubeObject } from '../../domain/kube/kube-object.ts';
import type { ObjectPlace, ObjectReader, ObjectReading, ReadKind } from '../../ports/cluster/object-reader.ts';

/** Maximum objects that are read for one answer, and maximum characters of what is kept of them as JSON. */
const MAX_OBJECTS = 20_000;
const MAX_TEXT = 24 * 1024 * 1024;

/**
 * What `keep` makes of each object of a list, read page by page; undefined leaves it out. Owners of objects decide how
 * many there are, and how large.
 * @throws ProblemError TOO_MANY_OBJECTS, FORBIDDEN, CLUSTER_UNREACHABLE, CLUSTER_FAILED
 */
export async function collectObjects<Kept>(
  reader: Pick<ObjectReader, 'list'>,
  { kind, ...place }: ObjectPlace & { kind: ReadKind },
  reading: ObjectReading,
  keep: (object: KubeObject) => Kept | undefined,
): Promise<Kept[]> {
  const kept: Kept[] = [];
  let [objects, text] = [0, 0];
  for await (const page of reader.list(kind, place, reading)) {
    for (const object of page) {
      const one = keep(object);
      objects += 1;
      text += one === undefined ? 0 : JSON.stringify(one).length;
      if (objects > MAX_OBJECTS || text > MAX_TEXT) {
        const where = place.namespace === undefined ? 'of the cluster' : `in namespace ${place.namespace}`;
        const most = objects > MAX_OBJECTS ? `${MAX_OBJECTS} objects` : `${MAX_TEXT} characters`;
        const message = `the objects of kind ${kind} ${where} are more than Walm reads for one answer (${most})`;
        throw problem('TOO_MANY_OBJECTS', message, { objects: MAX_OBJECTS, characters: MAX_TEXT });
      }
      if (one !== undefined) {
        kept.push(one);
      }
    }
  }
  return kept;
}
