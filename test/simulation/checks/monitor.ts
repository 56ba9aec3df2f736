import type { SimulatedWorld } from '../world/simulated-world.ts';
import { watchArchives } from './archive-writes.ts';
import { watchObjects } from './object-writes.ts';
import { type RecordsSeen, watchRecords } from './record-writes.ts';
import { watchTasks } from './task-writes.ts';

/** Observes every write in the cluster, without any code of the product. */
export interface Monitor {
  /** Violated rules, in order. */
  problems: string[];
  note(problem: string): void;
  /** An answer reported this task as cancelled, so it has to be. */
  noteCancelled(task: string): void;
  applied: RecordsSeen['applied'];
}

/** Checks every write in the cluster: results of tasks are true, and no write breaks a rule. */
export function watchCluster({ api, trace }: Pick<SimulatedWorld, 'api' | 'trace'>): Monitor {
  const problems: string[] = [];

  function note(problem: string): void {
    trace.note(`PROBLEM ${problem}`);
    problems.push(problem);
  }

  const tasks = watchTasks({ note, trace });
  const records = watchRecords({ note, tasks });
  const seeObject = watchObjects(note);
  const archives = watchArchives({ api, note, unfinished: tasks.unfinished });

  api.onChange((change) => {
    const type = (change.after ?? change.before)?.['type'];
    if (change.path.collection !== '/secrets') seeObject(change);
    else if (type === 'helm.sh/release.v1') {
      archives.seeRecord(change);
      records.see(change);
    } else if (type === 'walm.io/task.v1') tasks.see(change);
    else archives.see(change);
  });
  return { problems, note, noteCancelled: tasks.noteCancelled, applied: records.applied };
}
