import type { CronJobStatus } from '../../../contract/schemas/release-resources.ts';
import type { ClusterView } from '../kube/cluster-view.ts';
import { asArray, asString } from '../json/json-reading.ts';
import { type KubeObject, type ObjectRef, refOf, specOf, statusOf } from '../kube/kube-object.ts';
import { describeJob } from './job-status.ts';
import { type Described, labelsOf, metaOf, notFound, READY, stateOf } from './resource-state.ts';

/** A CronJob is ready if it exists: whether its runs succeed is shown by its jobs. */
export function describeCronJob(
  view: ClusterView,
  ref: ObjectRef,
  cronJob: KubeObject | undefined,
  nowMs: number,
): Described<CronJobStatus> {
  const spec = cronJob === undefined ? {} : specOf(cronJob);
  const status = cronJob === undefined ? {} : statusOf(cronJob);
  const jobs = view.ownedBy(cronJob?.metadata.uid ?? '').filter(({ kind }) => kind === 'Job');
  const shown = {
    ...metaOf(ref, cronJob === undefined ? stateOf('NotFound') : READY),
    ...labelsOf(cronJob),
    schedule: asString(spec['schedule']),
    suspended: spec['suspend'] === true,
    active: asArray(status['active']).length,
    lastScheduleTime: asString(status['lastScheduleTime']),
    jobs: jobs.map((job) => describeJob(view, refOf(job), job, nowMs).shown),
  };
  return { shown, waitingFor: cronJob === undefined ? [notFound(ref)] : [] };
}
