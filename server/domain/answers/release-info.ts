import { phaseOf } from '../../../contract/release-phase.ts';
import type { ReadyCount, ReleaseInfo } from '../../../contract/schemas/release.ts';
import type { ClusterView } from '../kube/cluster-view.ts';
import { wasApplied } from '../revisions/applied-revision.ts';
import type { JsonObject } from '../json/json.ts';
import { asString } from '../json/json-reading.ts';
import type { ObjectRef } from '../kube/kube-object.ts';
import { maskReleaseInfo } from '../masking/shown-release.ts';
import { configMapOutputs } from '../outputs/output-expression.ts';
import { publishedOutputs } from './published-outputs.ts';
import { isShownWithoutRecord, judgedRelease } from './judged-release.ts';
import { isOutdated, lastFailure } from './last-failure.ts';
import { countedObjects, describeObjects } from './live-readiness.ts';
import { notPausedOf } from '../workloads/pause-state.ts';
import { parseReleaseKey } from '../names/release-key.ts';
import type { ReleaseRecord } from '../release/release-record.ts';
import { unreadableRecord } from '../release/unreadable-record.ts';
import { type Readiness, releaseReadiness } from './release-readiness.ts';
import { isFinished, shownTaskOf, type Task, taskKey, toTaskInfo } from '../tasks/task.ts';
import { countPods } from '../status/count-pods.ts';
import { isDeployed } from '../revisions/helm-status.ts';

/** The answer about a release without what other parts know: its place in the events, and its providers. */
export type DescribedRelease = Omit<ReleaseInfo, 'sequence' | 'dependency' | 'newerVersion'>;

/** Walm's own plugin, which the original Walm added to every release: not one that a user chose. */
const BUILT_IN_PLUGIN = 'ValidateReleaseConfig';

function shownPlugins(record: ReleaseRecord): ReleaseInfo['plugins'] {
  return (record.facts?.plugins ?? []).filter(({ name, disable }) => !disable && name !== BUILT_IN_PLUGIN);
}

/** Null if Walm's facts contain no label, `{}` if there are no facts at all, like the original Walm. */
function shownLabels({ facts }: ReleaseRecord): ReleaseInfo['releaseLabels'] {
  return facts === null ? {} : Object.keys(facts.labels).length === 0 ? null : facts.labels;
}

/** The answer while there is only a task and no record: name, message and task; everything else is zero or null. */
function describeTaskOnly(task: Task): DescribedRelease {
  const { namespace, name } = parseReleaseKey(taskKey(task));
  const shownTask = toTaskInfo(task);
  return {
    name,
    repoName: '',
    configValues: null,
    version: 0,
    namespace,
    dependencies: null,
    chartName: '',
    chartVersion: '',
    chartAppVersion: '',
    ready: false,
    message: taskMessage(task) ?? '',
    releaseStatus: null,
    dependenciesConfigValues: null,
    computedValues: null,
    outputConfigValues: null,
    releaseLabels: null,
    plugins: null,
    metaInfoValues: null,
    paused: false,
    chartImage: '',
    status: '',
    phase: phaseOf({ task: shownTask, paused: false, status: '', ready: false }),
    reason: '',
    updated: '',
    project: task.order.kind === 'install' ? (task.order.membership?.project ?? '') : '',
    pods: { ready: 0, total: 0 },
    objects: { ready: 0, total: 0 },
    waitingFor: [],
    sealed: false,
    tests: 0,
    task: shownTask,
    onFailure: 'none',
    strategy: null,
    notes: '',
    warnings: task.warnings,
  };
}

/** The message of the latest task, in the original Walm's words; undefined if it succeeded. */
function taskMessage(task: Task): string | undefined {
  if (!isFinished(task)) {
    return `please wait for the release latest task ${task.id} finished`;
  }
  return task.state === 'succeeded'
    ? undefined
    : `the release latest task ${task.id} failed : ${task.error?.message ?? task.state}`;
}

/** Whether a first install is still in progress: its record does not count as a release yet. */
function isBeingInstalled(record: ReleaseRecord, task: Task): boolean {
  return task.order.kind === 'install' && !isFinished(task) && !isDeployed(record.status);
}

function describeRecord(
  record: ReleaseRecord,
  releaseStatus: ReleaseInfo['releaseStatus'],
  { pods, objects }: { pods: ReadyCount; objects: ReadyCount },
  { ready, message, waitingFor }: Readiness,
  tasks: readonly Task[],
  outputs: JsonObject,
): DescribedRelease {
  const { facts } = record;
  const judged = judgedRelease(record);
  const { status } = judged;
  const task = shownTaskOf(tasks);
  const notPaused = notPausedOf(record);
  const fromConfigMaps = configMapOutputs(record.outputs);
  const taskText = task === undefined || isOutdated(task, record) ? undefined : taskMessage(task);
  const failure = lastFailure(record, tasks);
  const shownTask = task !== undefined && taskText !== undefined ? toTaskInfo(task) : undefined;
  return {
    name: judged.name,
    repoName: facts?.repoName ?? '',
    configValues: record.configValues,
    version: judged.version,
    namespace: judged.namespace,
    dependencies: facts?.dependencies ?? {},
    chartName: record.chartName,
    chartVersion: record.chartVersion,
    chartAppVersion: record.chartAppVersion,
    ready,
    // A refused request says nothing about the applied revision: it is shown in lastFailure.
    message: task !== undefined && (!isFinished(task) || !wasApplied(record)) ? (taskText ?? message) : message,
    releaseStatus,
    dependenciesConfigValues: facts?.dependenciesConfigValues ?? {},
    computedValues: record.computedValues,
    outputConfigValues: outputs,
    ...(fromConfigMaps.length > 0 && { configMapOutputs: fromConfigMaps }),
    releaseLabels: shownLabels(record),
    plugins: shownPlugins(record),
    metaInfoValues: record.metaInfoValues,
    paused: judged.paused,
    ...(notPaused !== undefined && { notPaused }),
    chartImage: facts?.chartImage ?? '',
    status,
    phase: phaseOf({ ...(shownTask && { task: shownTask }), paused: record.paused, status, ready }),
    reason: waitingFor[0]?.reason ?? '',
    updated: record.updated,
    project: facts?.project ?? '',
    pods,
    objects,
    waitingFor,
    sealed: record.seal.sealed,
    ...(judged.outside !== undefined && { outside: judged.outside }),
    ...(shownTask && { task: shownTask }),
    ...(failure !== undefined && { lastFailure: failure }),
    ...(judged.attempt !== undefined && { attempt: judged.attempt }),
    tests: judged.tests,
    onFailure: facts?.onFailure || 'none',
    strategy: facts?.strategy ?? null,
    ...(facts?.held && { held: { since: asString(facts.held['since']), reason: asString(facts.held['reason']) } }),
    notes: record.notes,
    warnings: task?.revision === record.revision ? task.warnings : [],
  };
}

/**
 * The answer about a release, without its secrets: its newest record, the state of its objects, and the latest of its
 * tasks (in order of arrival). Null if there is no such release: no record, and no task that is unfinished or failed a
 * moment ago. `nowMs` in milliseconds since the epoch; `seen` says which objects in other namespaces the caller may
 * read.
 */
export function describeRelease(
  record: ReleaseRecord | undefined,
  view: ClusterView,
  tasks: readonly Task[],
  nowMs: number,
  seen?: (ref: ObjectRef) => boolean,
): DescribedRelease | null {
  const task = shownTaskOf(tasks);
  if (record === undefined || (task !== undefined && isBeingInstalled(record, task))) {
    return task !== undefined && isShownWithoutRecord(task, nowMs) ? describeTaskOnly(task) : null;
  }
  try {
    return describeLive(record, view, tasks, nowMs, seen);
  } catch (error) {
    // Odd contents of a tenant's objects must not break a whole list: the error is reported for this release only.
    const reason = `its objects cannot be described: ${error instanceof Error ? error.message : 'no reason is known'}`;
    return describeLive(unreadableRecord(record.key, record.revision, reason), view, tasks, nowMs, undefined);
  }
}

function describeLive(
  record: ReleaseRecord,
  view: ClusterView,
  tasks: readonly Task[],
  nowMs: number,
  seen: ((ref: ObjectRef) => boolean) | undefined,
): DescribedRelease {
  const described = describeObjects(record, view, nowMs);
  const { resources, unready } = described;
  // Readiness is the same for every caller; objects in other namespaces are shown to callers who may see them.
  const shown = seen === undefined ? resources : describeObjects(record, view, nowMs, seen).resources;
  const outputs = publishedOutputs(record, view).values;
  const counts = { pods: countPods(shown), objects: described.objects };
  const info = describeRecord(record, shown, counts, releaseReadiness(record, unready), tasks, outputs);
  return maskReleaseInfo(info, record.masker);
}

/** Releases with more objects are counted in answers about several, and not listed object by object. */
export const LISTED_OBJECTS = 500;

/**
 * The answer about a release among others, as `describeRelease` makes it. One with very many objects is `truncated`: its
 * objects are counted only, and what is counted may be as old as it has objects, in milliseconds.
 */
export function describeAmongOthers(...given: Parameters<typeof describeRelease>): DescribedRelease | null {
  const [record, view, tasks, nowMs] = given;
  const task = shownTaskOf(tasks);
  const isLarge = record !== undefined && record.objects.length > LISTED_OBJECTS;
  if (!isLarge || (task !== undefined && isBeingInstalled(record, task))) {
    return describeRelease(...given);
  }
  try {
    const { pods, objects, readiness } = countedObjects(record, view, nowMs);
    const outputs = publishedOutputs(record, view).values;
    const info = describeRecord(record, null, { pods, objects }, readiness, tasks, outputs);
    return { ...maskReleaseInfo(info, record.masker), truncated: true };
  } catch {
    return describeRelease(...given);
  }
}
