import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SERVER = fileURLToPath(new URL('../../', import.meta.url));

/** The suite that each memory adapter passes, by file; helper files name the adapter they belong to. */
const TWINS: Record<string, { suite: string } | { partOf: string }> = {
  'access-reviews': { suite: 'cluster/access-reviews' },
  'chart-archives': { suite: 'storage/chart-archive-store' },
  'chart-folder': { suite: 'helm/chart-folder' },
  claims: { suite: 'cluster/claims' },
  'delivery-marks': { suite: 'storage/delivery-marks' },
  'event-bus': { suite: 'runtime/event-bus' },
  'helm-charts': { partOf: 'helm-releases' },
  'helm-history': { partOf: 'helm-releases' },
  'helm-judged': { partOf: 'helm-releases' },
  'helm-kept': { partOf: 'helm-releases' },
  'helm-live': { partOf: 'helm-releases' },
  'helm-records': { suite: 'helm/helm-records' },
  'helm-releases': { suite: 'helm/helm-engine' },
  leadership: { suite: 'storage/leadership' },
  'live-objects': { suite: 'cluster/live-objects' },
  'manual-clock': { suite: 'runtime/clock' },
  namespaces: { suite: 'cluster/namespaces' },
  'objects/pod-logs': { suite: 'cluster/pod-logs' },
  'objects/object-reader': { suite: 'cluster/object-reader' },
  'objects/object-writer': { suite: 'cluster/object-writer' },
  'release-cache': { suite: 'storage/release-cache' },
  'rollout-marks': { suite: 'storage/rollout-marks' },
  'secret-changes': { suite: 'cluster/secret-changes' },
  'shared-cache': { suite: 'storage/shared-cache' },
  'source-credentials': { suite: 'helm/source-credentials' },
  'task-store': { suite: 'storage/task-store' },
  threads: { suite: 'runtime/threads' },
  workloads: { suite: 'cluster/workloads' },
};

/** Ports whose only adapter is the one in memory: there is nothing to compare it with. */
const WITHOUT_OTHER = new Set(['storage/release-cache']);

const files = readdirSync(join(SERVER, 'adapters'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => relative(join(SERVER, 'adapters'), join(entry.parentPath, entry.name)));
const callersOf = (suite: string) =>
  files.filter(
    (file) =>
      file.endsWith('.test.ts') &&
      readFileSync(join(SERVER, 'adapters', file), 'utf8').includes(`/ports/${suite}.conformance.ts'`),
  );

test('every file of this folder is the twin of a port, or a part of one', () => {
  const own = files.filter((file) => file.startsWith('memory/') && !file.endsWith('.test.ts'));
  expect(own.map((file) => file.slice('memory/'.length, -'.ts'.length)).toSorted()).toEqual(
    Object.keys(TWINS).toSorted(),
  );
  const parts = Object.values(TWINS).flatMap((twin) => ('partOf' in twin ? [twin.partOf] : []));
  expect(parts.filter((whole) => !(whole in TWINS))).toEqual([]);
});

test.each(Object.entries(TWINS).flatMap(([name, twin]) => ('suite' in twin ? [[name, twin.suite] as const] : [])))(
  'the twin %s passes the suite of its port, as the real one does',
  (_, suite) => {
    const [memory, real] = [true, false].map((twin) =>
      callersOf(suite).filter((file) => file.startsWith('memory/') === twin),
    );
    expect(memory).not.toEqual([]);
    expect((real ?? []).length > 0).toBe(!WITHOUT_OTHER.has(suite));
  },
);
