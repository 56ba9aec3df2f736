import { beforeEach, describe, expect, test } from 'vitest';
import { recordedRevision, releaseConfig } from '../../../../test/harness/fakes/recorded-revision.ts';
import { createReleaseStage, type ReleaseStage, terms } from '../../../../test/harness/fakes/release-stage.ts';
import type { ApplyInput, UploadedArchive } from '../../tasks/release-mutation.ts';
import { createFindRepeated } from '../../tasks/find-repeated.ts';
import { createApplyRelease } from './apply-release.ts';
import { createValidateRequest } from './validate-request.ts';

let stage: ReleaseStage;
let archive: UploadedArchive;

beforeEach(async () => {
  stage = createReleaseStage();
  archive = await stage.chart('web');
});

function apply(verb: 'install' | 'upgrade', given: Partial<ApplyInput> = {}) {
  const validateRequest = createValidateRequest({
    ...stage,
    engine: stage.helm,
    store: stage.tasks,
    ignoreUnknownPlugins: false,
  });
  const findRepeated = createFindRepeated({ store: stage.tasks });
  const applyRelease = createApplyRelease({
    ...stage,
    validateRequest,
    store: stage.tasks,
    findRepeated,
    memoryUnit: 'Gi',
  });
  const input: ApplyInput = {
    namespace: 'shop',
    request: { name: 'web' },
    createNamespace: false,
    crds: 'create',
    waitReady: true,
    allowMissing: false,
    options: terms(),
    ...given,
  };
  return applyRelease(verb, input, new AbortController().signal);
}

const isKept = (namespace: string) => stage.archives.get(namespace, archive.digest, null);

describe('an install', () => {
  test('is a durable task whose archive is kept, and who waits is answered with its end', async () => {
    const values = { configValues: { replicas: 2 } };
    expect(await apply('install', { archive, request: { name: 'web', ...values } })).toMatchObject({
      finished: false,
      task: { operation: 'install', state: 'queued' },
    });
    expect(stage.accepted()).toMatchObject([
      {
        release: 'web',
        order: { kind: 'install', origin: { kind: 'archive', digest: archive.digest }, request: values },
      },
    ]);
    expect(await isKept('shop')).not.toBeNull();
    const waiting = terms({ waiting: {} });
    const request = { name: 'other' };
    expect(await apply('install', { archive, request, options: waiting })).toMatchObject({ finished: true });
    stage.outcome.task = { state: 'failed', error: { code: 'HOOK_FAILED', message: 'no', details: {} } };
    await expect(apply('install', { archive, request: { name: 'third' }, options: waiting })).rejects.toMatchObject({
      code: 'HOOK_FAILED',
    });
  });

  test.each([
    ['that names no chart', 'CHART_MISSING', {}],
    ['of a chart that is not there', 'CHART_NOT_FOUND', { request: { name: 'web', chartName: 'none' } }],
    [
      'from a repository that is not there',
      'REPOSITORY_NOT_FOUND',
      { request: { name: 'web', chartName: 'web', repoName: 'none' } },
    ],
    ['into a namespace that is not there', 'NAMESPACE_NOT_FOUND', { namespace: 'none', withArchive: true }],
    ['of a dependent of nothing', 'DEPENDENCY_NOT_FOUND', { dependencies: { db: 'none' }, withArchive: true }],
    ['into the namespace of Walm', 'NAMESPACE_RESERVED', { namespace: 'walm-system', withArchive: true }],
  ] as const)(
    '%s is refused before anything is written',
    async (
      _what,
      code,
      {
        withArchive,
        dependencies,
        ...given
      }: {
        withArchive?: boolean;
        dependencies?: Record<string, string>;
      } & Partial<ApplyInput>,
    ) => {
      const input = {
        ...given,
        ...(withArchive === true && { archive }),
        ...(dependencies && { request: { name: 'web', dependencies } }),
      };
      await expect(apply('install', input)).rejects.toMatchObject({ code });
      expect(stage.accepted()).toEqual([]);
      expect(await isKept('shop')).toBeNull();
    },
  );

  test('into a namespace that is going away is refused', async () => {
    stage.namespaces.terminate('shop');
    await expect(apply('install', { archive })).rejects.toMatchObject({ code: 'NAMESPACE_TERMINATING' });
  });

  test('of a name that is taken is refused, or an upgrade where that was asked for', async () => {
    stage.helm.record(recordedRevision({ namespace: 'shop', revision: 4 }));
    await expect(apply('install', { archive })).rejects.toMatchObject({
      code: 'RELEASE_EXISTS',
      details: { revision: 4 },
    });
    expect(stage.accepted()).toEqual([]);
    await apply('install', { archive, upsert: true });
    expect(stage.accepted()).toMatchObject([{ order: { kind: 'upgrade', origin: { digest: archive.digest } } }]);
  });

  test('may make its namespace where its caller may; its archive waits in the namespace of Walm', async () => {
    const given = { archive, namespace: 'fresh', createNamespace: true };
    await apply('install', { ...given, options: terms({ caller: stage.ann }) });
    expect(stage.accepted()).toMatchObject([{ namespace: 'fresh', order: { createNamespace: true } }]);
    expect(await isKept('fresh')).toBeNull();
    expect(await isKept('walm-system')).not.toBeNull();
    stage = createReleaseStage(['get fresh', 'create fresh']);
    archive = await stage.chart('web');
    await expect(apply('install', { ...given, options: terms({ caller: stage.ann }) })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    expect(stage.accepted()).toEqual([]);
  });

  test('that is sent again with its key is the same one, whatever has become of the release', async () => {
    const options = terms({ idempotencyKey: 'once' });
    const first = await apply('install', { archive, options });
    stage.helm.record(recordedRevision({ namespace: 'shop' }));
    expect(await apply('install', { archive, options })).toEqual(first);
    expect(stage.accepted()).toHaveLength(1);
    await expect(apply('install', { archive, options, waitReady: false })).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
  });
});

describe('an upgrade', () => {
  test('keeps the chart that the release has, unless it names another one', async () => {
    const source = { kind: 'archive', ref: 'web.tgz', version: '1.0.0', digest: archive.digest };
    stage.helm.record(recordedRevision({ namespace: 'shop', releaseConfig: releaseConfig({ source }) }));
    await stage.chart('web', '2.0.0');
    await apply('upgrade', { request: { name: 'web', configValues: { a: 1 } } });
    expect(stage.accepted()).toMatchObject([{ order: { kind: 'upgrade', origin: null } }]);
    await apply('upgrade', { request: { name: 'web', chartName: 'web', chartVersion: '2.0.0' } });
    expect(stage.accepted().at(-1)).toMatchObject({ order: { kind: 'upgrade', origin: { version: '2.0.0' } } });
  });

  test('of nothing is refused, or an install where that was asked for', async () => {
    await expect(apply('upgrade', { archive })).rejects.toMatchObject({ code: 'RELEASE_NOT_FOUND' });
    expect(stage.accepted()).toEqual([]);
    await apply('upgrade', { archive, upsert: true });
    expect(stage.accepted()).toMatchObject([{ order: { kind: 'install' } }]);
  });

  test('of another revision than expected is refused, but left to its task while others are unfinished', async () => {
    stage.helm.record(recordedRevision({ namespace: 'shop', revision: 3 }));
    const given = { archive, options: terms({ expectedRevision: 2 }) };
    await expect(apply('upgrade', given)).rejects.toMatchObject({
      code: 'REVISION_MISMATCH',
      details: { revision: 3 },
    });
    expect(stage.accepted()).toEqual([]);
    await apply('upgrade', { archive, options: terms({ expectedRevision: 3 }) });
    await apply('upgrade', given);
    expect(stage.accepted().map(({ expectedRevision }) => expectedRevision)).toEqual([3, 2]);
  });
});
