import { CHART_LABEL, chartLabelValue } from '../../../server/domain/charts/chart-label.ts';
import { neededArchives, type Task } from '../../../server/domain/tasks/task.ts';
import type { ApiServer, Change } from '../api-server.ts';

export interface ArchiveWrites {
  /** A change of a stored archive. */
  see(change: Change): void;
  /** A change of a record of Helm. */
  seeRecord(change: Change): void;
}

const CHUNK = /^walm-chart-([0-9a-f]+)-/;
const secretsOf = (namespace: string) => `/api/v1/namespaces/${namespace}/secrets`;

/**
 * Checks stored archives: a record is written only beside the archive that it names, and none is removed while a record
 * names it, or a task needs it that has not been started. A running task may remove its own: a failed install does.
 */
export function watchArchives({
  api: { list },
  note,
  unfinished,
}: {
  api: Pick<ApiServer, 'list'>;
  note: (problem: string) => void;
  unfinished: () => readonly Task[];
}): ArchiveWrites {
  return {
    see({ path: { namespace, name }, before, after }) {
      const [, digest] = CHUNK.exec(name) ?? [];
      if (digest === undefined || before === null || after !== null) return;
      const labelSelector = `owner=helm,${CHART_LABEL}=${chartLabelValue(digest)}`;
      const [record] = list(secretsOf(namespace), { labelSelector }).items;
      if (record !== undefined) note(`an archive of ${namespace} was removed, and ${record.metadata.name} names it`);
      const waiting = unfinished().find(
        (task) =>
          task.state === 'queued' &&
          task.cancelRequest === undefined &&
          task.namespace === namespace &&
          neededArchives(task.order).includes(digest),
      );
      if (waiting !== undefined) note(`an archive of ${namespace} was removed, and task ${waiting.id} needs it`);
    },
    seeRecord({ path: { namespace, name }, before, after }) {
      const chart = after?.metadata.labels?.[CHART_LABEL];
      if (chart === undefined || before !== null) return;
      const [archive] = list(secretsOf(namespace), { labelSelector: `${CHART_LABEL}=${chart},!owner` }).items;
      if (archive === undefined) note(`the record ${namespace}/${name} was written without the archive that it names`);
    },
  };
}
