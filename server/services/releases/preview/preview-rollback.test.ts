import { beforeEach, describe, expect, test } from 'vitest';
import { createExecutionStage, type ExecutionStage } from '../../../../test/harness/fakes/execution-stage.ts';
import { everythingAllowed } from '../../../../test/harness/fakes/everything-allowed.ts';
import { releaseConfig } from '../../../../test/harness/fakes/recorded-revision.ts';
import type { ChartOrigin } from '../../../domain/charts/chart-origin.ts';
import { problem, type ProblemError } from '../../../domain/errors/problem-error.ts';
import type { JsonObject } from '../../../domain/json/json.ts';
import type { ManifestDocument } from '../../../domain/kube/manifest-document.ts';
import type { RenderRequest } from '../../../ports/helm/helm-reader.ts';
import type { RenderedRelease } from '../../../ports/helm/helm-release.ts';
import { createRevisionReader } from '../../history/read-revision.ts';
import { createForetellRollback } from './foretell-rollback.ts';
import { createPreviewRollback } from './preview-rollback.ts';
import type { RefuseOverQuota } from './refuse-over-quota.ts';

const signal = new AbortController().signal;
const options = { waiting: {}, requestId: 'r', caller: null, warnings: [] };

let stage: ExecutionStage;
let origin: ChartOrigin;
/** What the cluster says about the objects that a chart renders. */
let judge: (object: JsonObject) => ProblemError | undefined;
let quota: Parameters<RefuseOverQuota>[0] | null;

beforeEach(async () => {
  stage = createExecutionStage();
  quota = null;
  judge = () => undefined;
  const { digest, fileName: ref } = await stage.chart('web', '1.0.0', {
    render: ({ db, ...data }) => [map('web', { ...data, rendered: 'yes', db: db ?? null })],
  });
  origin = { kind: 'archive', ref, version: '1.0.0', digest };
});

function documentOf(index: number, kind: string, name: string, rest: JsonObject): ManifestDocument {
  const apiVersion = kind === 'Deployment' ? 'apps/v1' : 'v1';
  const object = { apiVersion, kind, metadata: { name }, ...rest };
  return { index, source: 'web/templates/x.yaml', apiVersion, kind, namespace: 'shop', name, object };
}
const map = (name: string, data: JsonObject, index = 0) => documentOf(index, 'ConfigMap', name, { data });
const web = (replicas: number) => documentOf(5, 'Deployment', 'web', { spec: { replicas } });

/** A revision that Walm wrote: `data` is what stands in its ConfigMap `web`. */
function written(revision: number, data: JsonObject, more: { objects?: ManifestDocument[]; facts?: JsonObject } = {}) {
  return stage.release({
    revision,
    status: revision === 1 ? 'superseded' : 'deployed',
    config: { note: `note-${revision}` },
    objects: [map('web', data), ...(more.objects ?? [])],
    hooks: ['pre-rollback', 'post-upgrade', 'test'].map((event) => ({
      kind: 'Job',
      apiVersion: 'batch/v1',
      path: '',
      manifest: '',
      weight: 0,
      deletePolicies: [],
      name: event,
      events: [event],
    })),
    releaseConfig: releaseConfig({ source: origin, configValues: { note: `note-${revision}` }, ...more.facts }),
  });
}

function preview(revision: number, given: { hooks?: boolean; options?: object } = {}) {
  const { deps, cache, live, tasks, clock, findManaged, planRollback } = stage;
  const engine = {
    ...stage.helm,
    async render(request: RenderRequest): Promise<RenderedRelease> {
      const { objects: documents, warnings } = await stage.rendering.rendered(request);
      const refused = documents.map(({ object }) => judge(object)).find((one) => one !== undefined);
      if (request.validate === true && refused !== undefined) throw refused;
      const hooks = [documentOf(9, 'Job', 'before', {}), documentOf(10, 'Job', 'back', {})].map((document, i) => ({
        ...document,
        hook: { events: [i === 0 ? 'pre-upgrade' : 'pre-rollback'], weight: 0, deletePolicies: [] },
      }));
      return { manifest: '', documents, hooks, crds: [], removals: [], notes: '', computedValues: {}, warnings };
    },
  };
  const reader = createRevisionReader({ engine, findSecrets: deps.findSecrets, tasks, clock });
  const refuseOverQuota: RefuseOverQuota = async (objects) => void (quota = objects);
  const previewRollback = createPreviewRollback({
    engine,
    reader,
    cache,
    authorization: everythingAllowed,
    live,
    findManaged,
    foretellRollback: createForetellRollback({ engine, planRollback, refuseOverQuota }),
  });
  const input = { namespace: 'shop', release: 'web', revision, ...given, options: { ...options, ...given.options } };
  return previewRollback(input, signal);
}

/** The stage keeps Walm's own object beside the others: here it is always made. */
const fates = ({ objects }: { objects: { kind: string; name: string; outcome: string }[] }) =>
  objects.map(({ kind, name, outcome }) => `${outcome} ${kind} ${name}`);

describe('the preview of a rollback', () => {
  test('says what is made, changed and removed, and writes nothing', async () => {
    await written(1, { a: 'one' }, { objects: [map('old', {}, 1)] });
    await written(2, { a: 'two' }, { objects: [map('new', {}, 1)] });
    const told = await preview(1);
    expect(fates(told)).toEqual([
      'changed ConfigMap web',
      'created ConfigMap old',
      'created ReleaseConfig web',
      'deleted ConfigMap new',
    ]);
    expect(told.objects[0]?.differences).toEqual([{ path: '/data/a', old: 'two', new: 'one' }]);
    expect(told.hooks).toMatchObject([{ name: 'pre-rollback' }]);
    expect((await preview(1, { hooks: false })).hooks).toEqual([]);
    expect(fates(await preview(0))).toEqual(fates(told));
    expect(await stage.history()).toEqual(['1 superseded', '2 deployed']);
  });

  test('to what is not kept, or of another revision than expected is refused as the rollback is', async () => {
    await written(1, {});
    await written(2, {});
    await expect(preview(7)).rejects.toMatchObject({ code: 'REVISION_NOT_FOUND' });
    await stage.release({ revision: 3, status: 'failed', objects: [web(9)] });
    for (const expectedRevision of [2, 3]) {
      expect(await preview(1, { options: { expectedRevision } })).toMatchObject({ revision: 2 });
    }
    const other = preview(1, { options: { expectedRevision: 1 } });
    await expect(other).rejects.toMatchObject({ code: 'REVISION_MISMATCH', details: { revision: 2 } });
  });

  test('tells what the cluster would refuse of the documents, and of what Walm itself writes', async () => {
    await written(1, { a: 'one' });
    await written(2, { a: 'two' });
    const wrong = problem('ADMISSION_REFUSED', 'not on a Friday', { object: { kind: 'ConfigMap', name: 'web' } });
    stage.helm.refuse(({ kind, object }) =>
      kind === 'ConfigMap' && JSON.stringify(object).includes('"one"') ? wrong : undefined,
    );
    expect((await preview(1)).refused).toMatchObject({ code: 'ADMISSION_REFUSED', message: 'not on a Friday' });
    await written(3, { a: 'three' });
    await written(4, { a: 'four' });
    expect(await preview(3)).not.toHaveProperty('refused');
    stage.helm.refuse(({ kind, object }) =>
      kind === 'ReleaseConfig' && JSON.stringify(object).includes('rolled back to 3') ? wrong : undefined,
    );
    expect(await preview(3)).toMatchObject({ refused: { code: 'ADMISSION_REFUSED' } });
  });

  test('judges a paused release as it goes back: it stays paused', async () => {
    const paused = { pause: { since: '2026-01-01T00:00:00Z', objects: [] }, plugins: [{ name: 'Pause', args: '{}' }] };
    await written(1, {}, { objects: [web(3)] });
    await written(2, {}, { objects: [web(0)], facts: paused });
    const runs = problem('ADMISSION_REFUSED', 'nothing runs here', { object: { kind: 'Deployment', name: 'web' } });
    stage.helm.refuse(({ kind, object }) =>
      kind === 'Deployment' && JSON.stringify(object).includes('"replicas":3') ? runs : undefined,
    );
    const told = await preview(1);
    expect(told).not.toHaveProperty('refused');
    expect(told.warnings.map(({ code }) => code)).toContain('STAYS_PAUSED');
  });

  test('asks quotas about what comes in addition', async () => {
    await written(1, {}, { objects: [web(3)] });
    await written(2, {});
    await preview(1);
    expect(quota?.made.map(({ kind }) => kind)).toContain('Deployment');
    expect(quota?.there.map(({ kind }) => kind)).not.toContain('Deployment');
  });
});

describe('the preview of a rollback whose providers publish something else now', () => {
  beforeEach(async () => {
    await stage.release({ name: 'db', releaseConfig: releaseConfig({ outputConfig: { address: 'now' } }) });
    const facts = { dependencies: { db: 'db' } };
    await written(1, { a: 'one' }, { objects: [map('old', {}, 1)], facts });
    await written(2, { a: 'two' }, { objects: [map('new', {}, 1)], facts });
  });

  test('shows what its chart renders, the hooks of an upgrade, and what goes', async () => {
    const told = await preview(1);
    expect(fates(told)).toEqual(
      expect.arrayContaining(['changed ConfigMap web', 'deleted ConfigMap new', 'created ReleaseConfig web']),
    );
    expect(fates(told).join()).not.toContain('ConfigMap old');
    const differences = told.objects.find(({ name, kind }) => name === 'web' && kind === 'ConfigMap')?.differences;
    expect(differences).toEqual(expect.arrayContaining([{ path: '/data/rendered', new: 'yes' }]));
    expect(told.hooks).toMatchObject([{ name: 'before' }]);
    expect(await stage.history()).toEqual(['1 superseded', '2 deployed']);
  });

  test('tells what the cluster would refuse of it, in its code', async () => {
    const wrong = problem('MANIFEST_INVALID', 'no such field', { object: { kind: 'ConfigMap', name: 'web' } });
    judge = (object) => (JSON.stringify(object).includes('rendered') ? wrong : undefined);
    expect((await preview(1)).refused).toMatchObject({ code: 'MANIFEST_INVALID', message: 'no such field' });
  });

  test('tells that it would be refused before anything is applied', async () => {
    await stage.chart('web', '1.0.0', {
      render() {
        throw problem('TEMPLATE_FAILED', 'nil pointer');
      },
    });
    expect((await preview(1)).refused).toMatchObject({ code: 'TEMPLATE_FAILED' });
  });
});
