import { isShownWithoutRecord } from '../../domain/answers/judged-release.ts';
import { parseReleaseKey, releaseKey, type ReleaseKey } from '../../domain/names/release-key.ts';
import { sharedProjectTask, sharedReleaseTask } from '../../domain/mirror/shared-task.ts';
import { projectKey, type Task, taskKey } from '../../domain/tasks/task.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { HelmRecords } from '../../ports/helm/helm-records.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import { SHARED_HASHES, type SharedHash } from '../../ports/storage/shared-cache.ts';
import type { TaskStore } from '../../ports/storage/task-store.ts';

/**
 * What a field has to hold: a text, or nothing (null); undefined: its present value is right, or the field will be
 * reported later.
 */
export type Copy = string | null | undefined;

/** What Redis has to hold, as this replica knows it. */
export type MirrorSource = {
  /** Fields that have to exist. */
  fields(hash: SharedHash): Promise<string[]>;
  /** `stored` is the present value. */
  copy(hash: SharedHash, field: string, stored: string | undefined): Promise<Copy>;
  /** Calls back with each field whose value may have changed. */
  subscribe(listener: (hash: SharedHash, field: string) => void): () => void;
};

export type MirrorSourceDeps = {
  cache: Pick<ReleaseCache, 'get' | 'list' | 'subscribe'>;
  records: Pick<HelmRecords, 'subscribe'>;
  tasks: Pick<TaskStore, 'all' | 'latestOf' | 'subscribe'>;
  releaseCopy: (key: ReleaseKey, stored: string | undefined) => Promise<Copy>;
  clock: Pick<Clock, 'now'>;
};

const [RELEASES, RELEASE_TASKS, PROJECT_TASKS] = SHARED_HASHES;

/** The source of all three hashes: Helm's records by the release cache, and the tasks. */
export function createMirrorSource({ cache, records, tasks, releaseCopy, clock }: MirrorSourceDeps): MirrorSource {
  /** Like in the original Walm, a task without a release is shown while it runs, and for a while after it failed. */
  function taskOf(key: ReleaseKey, isThere: boolean): { task: Task | undefined } | null {
    const task = tasks.latestOf(key);
    return isThere || (task !== undefined && isShownWithoutRecord(task, clock.now())) ? { task } : null;
  }

  async function releaseTaskCopy(key: ReleaseKey): Promise<string | null> {
    const found = isReleaseKey(key) ? taskOf(key, (await cache.get(key)) !== undefined) : null;
    return found === null ? null : JSON.stringify(sharedReleaseTask(key, found.task));
  }

  async function projectTaskCopy(field: string): Promise<string | null> {
    if (!isReleaseKey(field)) {
      return null;
    }
    const { namespace, name } = parseReleaseKey(field);
    const members = await cache.list(namespace);
    const found = taskOf(
      projectKey(namespace, name),
      members.some(({ facts }) => facts?.project === name),
    );
    return found === null ? null : JSON.stringify(sharedProjectTask(field, found.task));
  }

  return {
    async fields(hash) {
      const all = await cache.list();
      const withoutRecord = tasks.all().flatMap(({ task }) => (isShownWithoutRecord(task, clock.now()) ? [task] : []));
      switch (hash) {
        case RELEASES:
          return all.map(({ key }) => key);
        case RELEASE_TASKS:
          return [
            ...all.map(({ key }) => key),
            ...withoutRecord.flatMap((task) => (task.project === undefined ? [taskKey(task)] : [])),
          ];
        case PROJECT_TASKS:
          return [
            ...all.flatMap(({ namespace, facts }) => (facts?.project ? [releaseKey(namespace, facts.project)] : [])),
            ...withoutRecord.flatMap((task) => projectFieldOf(task) ?? []),
          ];
        default:
          return hash satisfies never;
      }
    },

    copy(hash, field, stored) {
      switch (hash) {
        case RELEASES:
          return releaseCopy(field, stored);
        case RELEASE_TASKS:
          return releaseTaskCopy(field);
        case PROJECT_TASKS:
          return projectTaskCopy(field);
        default:
          return hash satisfies never;
      }
    },

    subscribe(listener) {
      /** A release that is gone may have been the last one of its project. */
      const projects = new Map<ReleaseKey, string>();
      void cache.list().then((all) =>
        all.forEach(({ key, facts }) => {
          if (!projects.has(key)) projects.set(key, facts?.project ?? '');
        }),
      );
      const stops = [
        cache.subscribe((key, record) => {
          listener(RELEASES, key);
          listener(RELEASE_TASKS, key);
          const { namespace } = parseReleaseKey(key);
          const [former = '', project = ''] = [projects.get(key), record?.facts?.project];
          projects.set(key, project);
          new Set([former, project]).forEach((name) => {
            if (name !== '') listener(PROJECT_TASKS, releaseKey(namespace, name));
          });
          if (record === null) projects.delete(key);
        }),
        records.subscribe((key) => listener(RELEASES, key)),
        tasks.subscribe((task) => {
          const project = projectFieldOf(task);
          if (project === undefined) listener(RELEASE_TASKS, taskKey(task));
          else listener(PROJECT_TASKS, project);
        }),
      ];
      return () => stops.forEach((stop) => stop());
    },
  };
}

/** The field of the project that a task changes; undefined if the task changes a release. */
function projectFieldOf({ namespace, project }: Task): string | undefined {
  return project === undefined ? undefined : releaseKey(namespace, project);
}

/**
 * Other programs may write fields too: neither part of a release key contains a slash or a colon, as keys of projects
 * do.
 */
function isReleaseKey(field: string): boolean {
  return /^[^/:]+\/[^/:]+$/.test(field);
}
