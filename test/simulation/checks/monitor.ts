import type { SimulatedWorld } from '../world/simulated-world.ts';
import { watchObjects } from './object-writes.ts';
import { type RecordsSeen, watchRecords } from './record-writes.ts';
import { watchTasks } from './task-writes.ts';

/** What was seen of each step of the cluster, past all code of the product. */
export interface Monitor {
  /** What must never happen and did, in order. */
  troubles: string[];
  note(trouble: string): void;
  /** An answer says that this task is cancelled: it has to be so. */
  noteCancelled(task: string): void;
  applied: RecordsSeen['applied'];
}

/** Watches every write of the cluster: what a change says of itself is so, and nothing is done that nobody may do. */
export function watchCluster({ api, trace }: Pick<SimulatedWorld, 'api' | 'trace'>): Monitor {
  const troubles: string[] = [];

  function note(trouble: string): void {
    trace.note(`TROUBLE ${trouble}`);
    troubles.push(trouble);
  }

  const tasks = watchTasks({ note, trace });
  const records = watchRecords({ note, tasks });
  const seeObject = watchObjects(note);

  api.onChange((change) => {
    const type = (change.after ?? change.before)?.['type'];
    if (change.path.collection !== '/secrets') seeObject(change);
    else if (type === 'helm.sh/release.v1') records.see(change);
    else if (type === 'walm.io/task.v1') tasks.see(change);
  });
  return { troubles, note, noteCancelled: tasks.noteCancelled, applied: records.applied };
}
