import { asString, valueAt } from '../../../server/domain/json/json-reading.ts';
import { TASK_ANNOTATION } from '../../../server/domain/release/release-config.ts';
import type { HelmRelease } from '../../../server/ports/helm/helm-release.ts';
import type { Change } from '../api-server.ts';
import { COUNTER } from '../load/counter.ts';
import { MEMBERS } from '../load/project.ts';
import { releaseOf } from '../record-secrets.ts';
import type { TaskWrites } from './task-writes.ts';

interface RecordWrites {
  note: (problem: string) => void;
  tasks: Pick<TaskWrites, 'noteInForce'>;
}

/** Helm's records of a run, as observed. */
export interface RecordsSeen {
  see(change: Change): void;
  /** The revision of a release (`namespace/name`) that was deployed last; undefined if none was, or the release is gone. */
  applied(key: string): number | undefined;
}

/**
 * Checks Helm's records: each deployed revision belongs to one task, no update of a counter is lost, and the releases of a
 * project are created and deleted in order.
 */
export function watchRecords({ note, tasks }: RecordWrites): RecordsSeen {
  /** Releases with a deployed revision, and their counters. */
  const applied = new Map<string, { revision: number; value: string }>();
  /** Existing records by release. */
  const records = new Map<string, Set<number>>();
  const provider = (name: string) => MEMBERS.find((member) => member.name === name)?.provider;
  const dependent = (name: string) => MEMBERS.find((member) => member.provider === name)?.name;

  function seeApplied({ namespace, name, revision, releaseConfig, config }: HelmRelease): void {
    const key = `${namespace}/${name}`;
    const task = asString(valueAt(releaseConfig ?? {}, 'metadata', 'annotations', TASK_ANNOTATION));
    if (task !== '') tasks.noteInForce(task, `${key} ${revision}`);
    const value = asString(config['value']);
    const former = applied.get(key);
    applied.set(key, { revision, value });
    if (name !== COUNTER || former === undefined || former.revision === revision) return;
    if (Number(value) !== Number(former.value) + 1) {
      note(
        `${key} counts ${value} in revision ${revision}, and ${former.value} in revision ${former.revision} before it`,
      );
    }
  }

  function seeGone({ namespace, name }: HelmRelease): void {
    applied.delete(`${namespace}/${name}`);
    const other = dependent(name);
    if (other !== undefined && (records.get(`${namespace}/${other}`)?.size ?? 0) > 0) {
      note(`${namespace}/${name} is deleted before ${other}, which depends on it`);
    }
  }

  function see({ before, after }: Change): void {
    const release = releaseOf(after ?? before ?? { apiVersion: '', kind: '', metadata: { name: '' } });
    const { namespace, name, revision, status } = release;
    const key = `${namespace}/${name}`;
    const known = records.get(key) ?? new Set<number>();
    records.set(key, known);
    if (after === null) {
      known.delete(revision);
      if (known.size === 0) seeGone(release);
      return;
    }
    known.add(revision);
    if (status === 'deployed') seeApplied(release);
    if (status === 'uninstalled') applied.delete(key);
    const first = provider(name);
    if (before === null && first !== undefined && !applied.has(`${namespace}/${first}`)) {
      note(`${key} is made before ${first}, which it depends on`);
    }
  }

  return { see, applied: (key) => applied.get(key)?.revision };
}
