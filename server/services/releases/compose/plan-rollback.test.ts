import { beforeEach, describe, expect, test } from 'vitest';
import { createExecutionStage, type ExecutionStage } from '../../../../test/harness/fakes/execution-stage.ts';
import { releaseConfig } from '../../../../test/harness/fakes/recorded-revision.ts';
import type { ChartOrigin } from '../../../domain/charts/chart-origin.ts';
import type { JsonObject } from '../../../domain/json/json.ts';
import type { ManifestDocument } from '../../../domain/kube/manifest-document.ts';
import { hideRecorded } from '../../../domain/masking/hide-recorded.ts';
import type { HelmRelease } from '../../../ports/helm/helm-release.ts';
import { createPlanRollback, type RollbackBasis } from './plan-rollback.ts';

const call = { signal: new AbortController().signal, requestId: 'r-1' };
let stage: ExecutionStage;
let origin: ChartOrigin;

beforeEach(async () => {
  stage = createExecutionStage();
  const { digest, fileName: ref } = await stage.chart('web', '1.0.0');
  origin = { kind: 'archive', ref, version: '1.0.0', digest };
});

const map = (data: JsonObject): ManifestDocument => ({
  index: 0,
  source: 'web/templates/x.yaml',
  apiVersion: 'v1',
  kind: 'ConfigMap',
  namespace: 'shop',
  name: 'web',
  object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' }, data },
});

async function written(revision: number, config: JsonObject, configValues: JsonObject = config): Promise<HelmRelease> {
  await stage.release({
    revision,
    status: revision === 1 ? 'superseded' : 'deployed',
    config,
    objects: [map(config)],
    releaseConfig: releaseConfig({ source: origin, configValues }),
  });
  return stage.newest();
}

async function plan(base: HelmRelease, current: HelmRelease, more: Partial<RollbackBasis> = {}) {
  const planRollback = createPlanRollback({
    ...stage,
    hideRecorded: (content) => Promise.resolve(hideRecorded(content)),
    pauseDaemonSets: true,
  });
  const writtenNow = await stage.findManaged(current, stage.ann, call);
  return planRollback({
    base,
    current,
    written: writtenNow,
    caller: stage.ann,
    unattended: false,
    warnings: [],
    call,
    ...more,
  });
}

describe('the plan of a rollback', () => {
  test('applies the documents of the revision where its values are the same now', async () => {
    const [first, second] = [await written(1, { note: 'first' }), await written(2, { note: 'second' })];
    const planned = await plan(first, second, { taskId: 't-1' });
    expect(planned).toMatchObject({ how: 'restore', content: { base: 1, values: { note: 'first' } } });
    expect(await stage.history()).toEqual(['1 superseded', '2 deployed']);
  });

  test('renders the chart of the revision where its values would be others now', async () => {
    // What was injected then is not injected any more.
    const first = await written(1, { note: 'first', db: 'db.shop' }, { note: 'first' });
    const second = await written(2, { note: 'second' });
    expect(await plan(first, second)).toMatchObject({
      how: 'render',
      origin: { digest: origin.digest },
      content: { values: { note: 'first' } },
    });
  });
});
