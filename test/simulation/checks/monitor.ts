import { gunzipSync } from 'node:zlib';

import { asObject, asString, valueAt } from '../../../server/domain/json/json-reading.ts';
import { TASK_ANNOTATION } from '../../../server/domain/release/release-config.ts';
import { isFinished, type Task } from '../../../server/domain/tasks/task.ts';
import type { Change } from '../api-server.ts';
import { releaseOf } from '../record-secrets.ts';
import type { SimulatedWorld } from '../world/simulated-world.ts';

/** What was observed in each step of the cluster, without any code of the product. */
export interface Monitor {
  /** What must never happen and did, in order. */
  troubles: string[];
  note(trouble: string): void;
  /** Revisions of each task that were in force at some time, by the task's id. */
  inForce: ReadonlyMap<string, ReadonlySet<string>>;
}

const ENDS = new Set(['succeeded', 'failed', 'cancelled']);
/** Results of tasks for which it is unknown whether they were carried out. */
const UNSURE = new Set(['ENGINE_STOPPED', 'CLUSTER_UNREACHABLE']);

/** Watches every write of the cluster: a task ends once, and its result is true. */
export function watchCluster({ api, trace }: Pick<SimulatedWorld, 'api' | 'trace'>): Monitor {
  const troubles: string[] = [];
  const inForce = new Map<string, Set<string>>();

  function note(trouble: string): void {
    trace.note(`TROUBLE ${trouble}`);
    troubles.push(trouble);
  }

  function seeRecord(change: Change): void {
    if (change.after === null || change.after.metadata.labels?.['status'] !== 'deployed') return;
    const { namespace, name, revision, releaseConfig } = releaseOf(change.after);
    const task = asString(valueAt(releaseConfig ?? {}, 'metadata', 'annotations', TASK_ANNOTATION));
    if (task === '') return;
    const revisions = inForce.get(task) ?? new Set();
    inForce.set(task, revisions.add(`${namespace}/${name} ${revision}`));
    if (revisions.size > 1) note(`task ${task} was carried out ${revisions.size} times: ${[...revisions].join(', ')}`);
  }

  function seeTask({ before, after }: Change): void {
    const isOver = [before, after].some((secret) => ENDS.has(secret?.metadata.labels?.['walm.io/state'] ?? ''));
    if (!isOver) return;
    const [was, is] = [before && taskIn(before), after && taskIn(after)];
    if (was !== null && isFinished(was) && is !== null && is.state !== was.state) {
      note(`task ${was.id} had ended as ${was.state} and is ${is.state}`);
    }
    if (is === null || !isFinished(is) || (was !== null && isFinished(was))) return;
    trace.note(
      `task ${is.id} (${is.order.kind} ${is.namespace}/${is.release}) ends ${is.state} ${is.error?.code ?? ''}`,
    );
    const wasInForce = inForce.has(is.id);
    if (is.state === 'failed' && wasInForce && !UNSURE.has(is.error?.code ?? '')) {
      note(`task ${is.id} says that it failed (${is.error?.message}), and was carried out`);
    }
    if (is.state === 'succeeded' && isWriting(is) && !wasInForce) {
      note(`task ${is.id} (${is.order.kind}) says that it succeeded, and no revision of it was ever in force`);
    }
    if (is.error?.code === 'INTERNAL') note(`task ${is.id} (${is.order.kind}) failed in a way that nobody expected`);
  }

  api.onChange((change) => {
    if (change.path.collection !== '/secrets') return;
    const type = (change.after ?? change.before)?.['type'];
    if (type === 'helm.sh/release.v1') seeRecord(change);
    if (type === 'walm.io/task.v1') seeTask(change);
  });
  return { troubles, note, inForce };
}

function isWriting({ order }: Task): boolean {
  return order.kind === 'install' || order.kind === 'upgrade' || order.kind === 'rollback';
}

function taskIn(secret: { data?: unknown }): Task {
  const packed = Buffer.from(asString(asObject(secret.data as never)['task']), 'base64');
  return JSON.parse(gunzipSync(packed).toString()) as Task;
}
