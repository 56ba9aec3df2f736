import { describeChartArchiveStore } from '../../ports/storage/chart-archive-store.conformance.ts';
import { createManualClock } from './manual-clock.ts';
import { createMemoryChartArchives } from './chart-archives.ts';

describeChartArchiveStore('memory', () => {
  const records = new Set<string>();
  const archives = createMemoryChartArchives({
    clock: createManualClock(),
    isReferenced: (namespace, digest) => records.has(`${namespace}/${digest}`),
  });
  return Promise.resolve({
    archives,
    namespaces: ['here', 'there'],
    makeRecord: (namespace, digest) => Promise.resolve(void records.add(`${namespace}/${digest}`)),
  });
});
