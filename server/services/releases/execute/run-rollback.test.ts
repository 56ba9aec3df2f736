import { beforeEach, describe, expect, test } from 'vitest';
import { createExecutionStage, type ExecutionStage } from '../../../../test/harness/fakes/execution-stage.ts';
import { releaseConfig } from '../../../../test/harness/fakes/recorded-revision.ts';
import type { ChartOrigin } from '../../../domain/charts/chart-origin.ts';
import type { JsonObject } from '../../../domain/json/json.ts';
import type { ManifestDocument } from '../../../domain/kube/manifest-document.ts';
import { readReleaseFacts } from '../../../domain/release/release-facts.ts';
import type { Task } from '../../../domain/tasks/task.ts';
import type { RewriteRequest } from '../../../ports/helm/helm-changes.ts';
import { createRunRollback } from './run-rollback.ts';

let stage: ExecutionStage;
let origin: ChartOrigin;
let renderings: number;
let rewrites: RewriteRequest[];

beforeEach(async () => {
  stage = createExecutionStage();
  [renderings, rewrites] = [0, []];
  const { digest, fileName: ref } = await stage.chart('web', '1.0.0', {
    render(values) {
      renderings += 1;
      return [made(values)];
    },
  });
  origin = { kind: 'archive', ref, version: '1.0.0', digest };
  await written(1, { note: 'first' }, 'generated-1');
  await written(2, { note: 'second' }, 'generated-2');
});

const made = (data: JsonObject): ManifestDocument => ({
  index: 0,
  source: 'web/templates/x.yaml',
  apiVersion: 'v1',
  kind: 'ConfigMap',
  namespace: 'shop',
  name: 'web',
  object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' }, data },
});

function written(revision: number, config: JsonObject, generated: string, more: JsonObject = {}) {
  return stage.release({
    revision,
    status: revision === 1 ? 'superseded' : 'deployed',
    config,
    objects: [made({ generated })],
    releaseConfig: releaseConfig({ source: origin, configValues: config, ...more }),
  });
}

function rollback(revision: number, changes: Partial<Task> = {}, hooks = true) {
  const engine = {
    ...stage.helm,
    rewriteRelease(request: RewriteRequest) {
      rewrites.push(request);
      return stage.helm.rewriteRelease(request);
    },
  };
  const executor = createRunRollback({ ...stage.deps, engine });
  return stage.run<'rollback'>(
    executor,
    { kind: 'rollback', revision, ...(!hooks && { disableHooks: true }) },
    changes,
  );
}

const objects = async () => (await stage.newest()).objects.filter(({ kind }) => kind === 'ConfigMap');

describe('a rollback', () => {
  test('applies the documents of the revision as they are, and renders nothing', async () => {
    expect(await rollback(1)).toMatchObject({ revision: 3 });
    expect(await stage.history()).toEqual(['1 superseded', '2 superseded', '3 deployed']);
    expect((await objects())[0]?.object['data']).toEqual({ generated: 'generated-1' });
    expect(await stage.newest()).toMatchObject({ config: { note: 'first' }, description: 'rolled back to 1' });
    expect(readReleaseFacts((await stage.newest()).releaseConfig)?.configValues).toEqual({ note: 'first' });
    expect(renderings).toBe(0);
    expect(rewrites).toMatchObject([{ base: 1, hooks: 'rollback' }]);
  });

  test('runs no hooks where none are wanted', async () => {
    await rollback(1, {}, false);
    expect(rewrites).toMatchObject([{ hooks: 'none' }]);
  });

  test('to the one before the newest keeps in its task which that was: a later attempt counts no own revision', async () => {
    await rollback(0);
    expect(stage.saved).toContainEqual({ order: { kind: 'rollback', revision: 1 } });
    expect((await stage.newest()).config).toEqual({ note: 'first' });
  });

  test('renders the chart of the revision where its providers publish something else now', async () => {
    const provider = { outputConfig: { address: 'new' } };
    await stage.release({ name: 'db', releaseConfig: releaseConfig(provider) });
    const depending = { dependencies: { db: 'db' } };
    await written(3, { note: 'third' }, 'generated-3', depending);
    await written(4, { note: 'fourth' }, 'generated-4', depending);
    expect(await rollback(3)).toMatchObject({ revision: 5 });
    expect(renderings).toBe(1);
    expect(await stage.newest()).toMatchObject({ config: { note: 'third', db: { address: 'new' } } });
  });

  test('to what is not kept, of what has gone, or of another revision than expected is refused', async () => {
    await expect(rollback(7)).rejects.toMatchObject({ code: 'REVISION_NOT_FOUND' });
    await expect(rollback(1, { release: 'none' })).rejects.toMatchObject({ code: 'RELEASE_NOT_FOUND' });
    await expect(rollback(1, { expectedRevision: 1 })).rejects.toMatchObject({ code: 'REVISION_MISMATCH' });
    expect(await stage.history()).toEqual(['1 superseded', '2 deployed']);
  });

  test('that was carried out is not carried out again', async () => {
    await rollback(1);
    expect(await rollback(1, { revision: 3, attempt: 2 })).toMatchObject({ revision: 3 });
    expect(await stage.history()).toHaveLength(3);
  });
});
