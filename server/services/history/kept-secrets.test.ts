import { beforeEach, expect, test } from 'vitest';
import { recordedRevision, releaseConfig } from '../../../test/harness/fakes/recorded-revision.ts';
import { createMemoryHelm, type MemoryHelm } from '../../adapters/memory/helm-releases.ts';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { createMemoryTaskStore } from '../../adapters/memory/task-store.ts';
import { createMemoryThreads } from '../../adapters/memory/threads.ts';
import { perform } from '../../composition/thread-jobs.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import type { HelmRelease } from '../../ports/helm/helm-release.ts';
import { findSecretsJob } from '../jobs/job-kinds.ts';
import { createPlacedJob } from '../jobs/placed-job.ts';
import { createCompareRevisions } from './compare-revisions.ts';
import { createGetRevision } from './get-revision.ts';
import { createListRevisions } from './list-revisions.ts';
import { createMaskManifests } from './mask-manifests.ts';
import { createRevisionReader } from './read-revision.ts';
import { createShowDrift } from './show-drift.ts';
import { createShowManifest } from './show-manifest.ts';
import { createShowNotes } from './show-notes.ts';
import { createShowValues } from './show-values.ts';

const reading = { namespace: 'demo', release: 'web', caller: null, requestId: 'r' };
const { signal } = new AbortController();
const PASSWORDS = ['first-secret', 'second-secret', 'third-secret', 'fourth-secret'];
const notAsked = () => Promise.reject(new Error('not asked for'));

/** A revision with its own password in a secret field, and the passwords of all others in ordinary text fields. */
function revisionOf(revision: number, changes: Partial<HelmRelease> = {}): HelmRelease {
  const note = `${revision} of ${PASSWORDS.join(' ')}`;
  const values = { note, password: PASSWORDS[revision - 1] ?? '' };
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' }, data: { note } };
  const document = { index: 0, source: 'x', apiVersion: 'v1', kind: 'ConfigMap', namespace: 'demo', name: 'm', object };
  return recordedRevision({
    revision,
    status: revision === PASSWORDS.length ? 'deployed' : 'superseded',
    config: values,
    computedValues: values,
    notes: note,
    description: note,
    objects: [document],
    manifest: `# ${note}\ndata: {note: ${note}}\n`,
    releaseConfig: releaseConfig({ configValues: { note, password: '***' } }),
    schemas: [{ path: [], schema: { properties: { password: { writeOnly: true } } } }],
    ...changes,
  });
}

let helm: MemoryHelm;

beforeEach(() => {
  helm = createMemoryHelm(createManualClock());
  PASSWORDS.forEach((_, index) => helm.record(revisionOf(index + 1)));
});

function answers() {
  const threads = createMemoryThreads(perform);
  const reader = createRevisionReader({
    engine: helm,
    findSecrets: createPlacedJob(threads, findSecretsJob),
    tasks: createMemoryTaskStore(),
    clock: createManualClock(),
  });
  const shown = { reader, maskManifests: createMaskManifests(threads) };
  const values = createShowValues({ reader, restoreRecorded: notAsked, chartFacts: notAsked });
  return [
    createListRevisions({ reader })(reading, {}, signal),
    createListRevisions({ reader })(reading, { limit: 1, continue: '3' }, signal),
    createCompareRevisions({ reader })(reading, {}, signal),
    createCompareRevisions({ reader })(reading, { from: 1, to: 2 }, signal),
    createShowDrift({ reader, engine: helm })(reading, signal),
    ...PASSWORDS.flatMap((_, index) => [
      createGetRevision(shown)(reading, index + 1, signal),
      createShowManifest(shown)(reading, { revision: index + 1, hooks: true }, signal),
      createShowNotes({ reader })(reading, index + 1, signal),
      values(reading, { revision: index + 1, origin: false }, signal),
    ]),
  ];
}

test('what is secret in one kept revision is hidden in all of them, earlier and later ones', async () => {
  const all = JSON.stringify(await Promise.all(answers()));
  PASSWORDS.forEach((password) => expect(all).not.toContain(password));
  expect(all).toContain('2 of *** *** *** ***');
});

test('so is what plain Helm wrote over, with what Walm masked before', async () => {
  const schemas: HelmRelease['schemas'] = [];
  helm.record(revisionOf(3, { schemas }));
  helm.record(revisionOf(4, { schemas, releaseConfig: null }));
  const all = JSON.stringify(await Promise.all(answers()));
  PASSWORDS.forEach((password) => expect(all).not.toContain(password));
});

test('an unreadable one hides nothing, and blocks nothing', async () => {
  helm.write('demo', 'web', 5, 'pending-upgrade');
  const reader = createRevisionReader({
    engine: {
      ...helm,
      getRelease: (target, number, call) =>
        number === 2 ? Promise.resolve(null) : helm.getRelease(target, number, call),
    },
    findSecrets: createPlacedJob(createMemoryThreads(perform), findSecretsJob),
    tasks: createMemoryTaskStore(),
    clock: createManualClock(),
  });
  const { items, total } = await createListRevisions({ reader })(reading, {}, signal);
  expect([items.map(({ revision }) => revision), total]).toEqual([[5, 4, 3, 1], 5]);
});

test('one that cannot be read says so where it is asked for, and nowhere else', async () => {
  const unreadable = problem('RELEASE_UNREADABLE', 'it is not a record');
  const reader = createRevisionReader({
    engine: {
      ...helm,
      getRelease: (target, number, call) =>
        number === 2 ? Promise.reject(unreadable) : helm.getRelease(target, number, call),
    },
    findSecrets: createPlacedJob(createMemoryThreads(perform), findSecretsJob),
    tasks: createMemoryTaskStore(),
    clock: createManualClock(),
  });
  await expect(createShowNotes({ reader })(reading, 2, signal)).rejects.toThrow('it is not a record');
  expect((await createShowNotes({ reader })(reading, 1, signal)).notes).toContain('1 of ***');
});
