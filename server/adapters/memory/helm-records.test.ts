import { helmRecordsConformance } from '../../ports/helm/helm-records.conformance.ts';
import { createMemoryHelmRecords } from './helm-records.ts';

helmRecordsConformance('memory', async () => {
  const records = createMemoryHelmRecords();
  const key = 'demo/conforming';
  return {
    records,
    key,
    write: async (revision, status) => records.write(key, revision, status),
    remove: async (revision) => records.remove(key, revision),
  };
});
