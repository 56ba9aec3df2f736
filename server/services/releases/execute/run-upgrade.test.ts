import { beforeEach, describe, expect, test } from 'vitest';
import { createExecutionStage, type ExecutionStage } from '../../../../test/harness/fakes/execution-stage.ts';
import { releaseConfig } from '../../../../test/harness/fakes/recorded-revision.ts';
import { orderOf } from '../../../../test/harness/fakes/tasks.ts';
import type { ChartOrigin } from '../../../domain/charts/chart-origin.ts';
import { problem } from '../../../domain/errors/problem-error.ts';
import type { ManifestDocument } from '../../../domain/kube/manifest-document.ts';
import { readReleaseFacts } from '../../../domain/release/release-facts.ts';
import type { Task, UpgradeOrder } from '../../../domain/tasks/task.ts';
import { createRunUpgrade } from './run-upgrade.ts';

let stage: ExecutionStage;
let origin: ChartOrigin;
/** How often the chart was rendered. */
let renderings: number;
let waitsForProviders: boolean;

beforeEach(async () => {
  stage = createExecutionStage();
  [renderings, waitsForProviders] = [0, false];
  origin = await originOf('1.0.0');
  await stage.release({
    revision: 2,
    releaseConfig: releaseConfig({ source: origin, configValues: { size: 1 }, releaseLabels: { team: 'a' } }),
    config: { size: 1 },
  });
});

async function originOf(version: string): Promise<ChartOrigin> {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' } };
  const { digest, fileName: ref } = await stage.chart('web', version, {
    render(values) {
      renderings += 1;
      const document = { index: 0, source: '', apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'web' };
      return [{ ...document, object: { ...object, data: values } } satisfies ManifestDocument];
    },
  });
  return { kind: 'archive', ref, version, digest };
}

function upgrade(request: object, order: Partial<UpgradeOrder> = {}, changes: Partial<Task> = {}) {
  const awaitProviders = () => Promise.resolve(waitsForProviders ? { recheckMs: 1_000 } : null);
  const executor = createRunUpgrade({ ...stage.deps, awaitProviders });
  const whole = { ...orderOf('upgrade'), request: { name: 'web', ...request }, ...order };
  return stage.run<'upgrade'>(executor, whole, changes);
}

const factsNow = async () => readReleaseFacts((await stage.newest()).releaseConfig);

describe('an upgrade', () => {
  test('writes the next revision of what is recorded and what was asked for, and tells the live view', async () => {
    expect(await upgrade({ configValues: { more: 2 } })).toMatchObject({ revision: 3 });
    expect(await stage.history()).toEqual(['2 superseded', '3 deployed']);
    expect(await stage.newest()).toMatchObject({ config: { size: 1, more: 2 }, chartVersion: '1.0.0' });
    expect(stage.saved).toMatchObject([{ revision: 3 }]);
    expect(stage.observed.at(-1)).toMatchObject({ revision: 3 });
  });

  test('keeps the archive of another chart beside the release before it takes it', async () => {
    const other = await originOf('2.0.0');
    await upgrade({}, { origin: other });
    expect(await stage.newest()).toMatchObject({ chartVersion: '2.0.0' });
    expect(await stage.archives.get('shop', other.digest, null)).not.toBeNull();
    expect((await factsNow())?.source).toEqual(other);
  });

  test('of labels alone renders nothing: what the chart makes at random stays', async () => {
    await upgrade({ releaseLabels: { team: 'b' } });
    expect(renderings).toBe(0);
    expect(await stage.history()).toEqual(['2 superseded', '3 deployed']);
    expect((await factsNow())?.releaseLabels).toEqual({ team: 'b' });
    await upgrade({ releaseLabels: { team: 'c' }, configValues: { size: 2 } }, {}, { id: 'b' });
    expect(renderings).toBe(1);
  });

  test('waits for its providers before it writes anything', async () => {
    waitsForProviders = true;
    expect(await upgrade({})).toEqual({ recheckMs: 1_000 });
    expect(await stage.history()).toEqual(['2 deployed']);
    waitsForProviders = false;
    await upgrade({}, {}, { revision: 3 });
    expect(await stage.history()).toEqual(['2 superseded', '3 deployed']);
  });

  test('that was refused by the cluster leaves what runs as it is', async () => {
    stage.helm.refuse(() => problem('FIELD_IMMUTABLE', 'the size is fixed'));
    await expect(upgrade({ configValues: { size: 2 } })).rejects.toMatchObject({ code: 'FIELD_IMMUTABLE' });
    expect(await stage.history()).toEqual(['2 deployed', '3 failed']);
  });
});

describe('from whatever state an earlier run left', () => {
  test('what was written is not written again', async () => {
    await upgrade({ configValues: { size: 2 } });
    const again = { revision: 3, attempt: 2 };
    expect(await upgrade({ configValues: { size: 2 } }, {}, again)).toMatchObject({ revision: 3 });
    expect(await stage.history()).toEqual(['2 superseded', '3 deployed']);
  });

  test('a half-written revision is marked failed, and written again', async () => {
    stage.helm.interruptNext(() => problem('ENGINE_STOPPED', 'killed'));
    await expect(upgrade({ configValues: { size: 2 } })).rejects.toMatchObject({ code: 'ENGINE_STOPPED' });
    expect(await stage.history()).toEqual(['2 deployed', '3 pending-upgrade']);
    await upgrade({ configValues: { size: 2 } }, {}, { revision: 3, attempt: 2 });
    expect(await stage.history()).toEqual(['2 superseded', '3 failed', '4 deployed']);
  });

  test('another one that is at work is waited for, and a lost race is looked at again', async () => {
    stage.helm.write('shop', 'web', 3, 'pending-upgrade');
    expect(await upgrade({})).toMatchObject({ recheckMs: 1_000 });
    expect(stage.reported).toEqual([expect.stringContaining('locked by helm since')]);
    stage.helm.leave({ identity: null, namespace: 'shop', name: 'web' }, 3, 'failed');
    stage.helm.interruptNext(() => problem('REVISION_MISMATCH', 'another one was faster'));
    expect(await upgrade({})).toMatchObject({ revision: 4 });
  });

  test('a release that has gone, or is at another revision than expected, is refused', async () => {
    await expect(upgrade({}, {}, { release: 'none' })).rejects.toMatchObject({ code: 'RELEASE_NOT_FOUND' });
    await expect(upgrade({}, {}, { expectedRevision: 1 })).rejects.toMatchObject({ code: 'REVISION_MISMATCH' });
    expect(await stage.history()).toEqual(['2 deployed']);
  });
});
