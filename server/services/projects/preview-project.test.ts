import { beforeEach, describe, expect, test } from 'vitest';
import type { ProjectRequest } from '../../../contract/schemas/project.ts';
import { releaseConfig } from '../../../test/harness/fakes/recorded-revision.ts';
import { createReleaseStage, type ReleaseStage } from '../../../test/harness/fakes/release-stage.ts';
import type { JsonObject } from '../../domain/json/json.ts';
import { asObject, asString, valueAt } from '../../domain/json/json-reading.ts';
import type { ManifestDocument } from '../../domain/kube/manifest-document.ts';
import { findSecrets } from '../../domain/masking/hide-layers.ts';
import { parseMetainfo } from '../../domain/metainfo/metainfo.ts';
import { createOutputsAfter } from '../releases/preview/outputs-after.ts';
import { createRenderDryRun } from '../releases/preview/render-dry-run.ts';
import { createJudgeMembers } from './judge-members.ts';
import { createPreviewProject } from './preview-project.ts';
import { createReadMember } from './read-member.ts';
import { createRenderProject, type RenderProjectInput } from './render-project.ts';

const metainfo = parseMetainfo('dependencies:\n- {name: db, dependencyOptional: false, aliasConfigVar: config.db}\n');
const publishes = parseMetainfo('outputs: {address: "values:address", port: "service:db.nodePort"}\n');
let stage: ReleaseStage;
/** The namespaces and releases whose totals were asked for together. */
let estimated: string[][];

const map = (name: string, data: JsonObject): ManifestDocument => ({
  index: 0,
  source: `${name}/templates/x.yaml`,
  apiVersion: 'v1',
  kind: 'ConfigMap',
  namespace: 'shop',
  name,
  object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data },
});

beforeEach(async () => {
  stage = createReleaseStage();
  estimated = [];
  await stage.chart('db', '2.0.0', { metainfo: publishes, render: () => [map('db', {})] });
  await stage.chart('web', '1.0.0', { metainfo, render: (values) => [map('web', asObject(values['config']))] });
});

function preview(rights?: readonly string[]) {
  if (rights !== undefined) stage = createReleaseStage(rights);
  const common = { memoryUnit: 'Gi', ignoreUnknownPlugins: false } as const;
  const renderDryRun = createRenderDryRun({
    ...stage,
    ...common,
    refuseOverQuota: async () => {},
    engine: {
      ...stage.helm,
      async render(request) {
        const { objects, warnings, manifest } = await stage.rendering.rendered(request);
        return {
          manifest,
          documents: objects,
          hooks: [],
          crds: [],
          removals: [],
          notes: '',
          computedValues: request.values,
          warnings,
        };
      },
    },
    findSecrets: (input) => Promise.resolve(findSecrets(input)),
  });
  const renderProject = createRenderProject({
    ...stage,
    digestKey: { read: () => Promise.resolve(new Uint8Array(32)) },
    judgeMembers: createJudgeMembers({
      ...stage,
      ...common,
      commonValuesWin: false,
      readMember: createReadMember({ ...stage, engine: stage.helm }),
    }),
    outputsAfter: createOutputsAfter({
      live: stage.live,
      secrets: { read: () => Promise.resolve(undefined) } as never,
    }),
    renderDryRun,
  });
  return createPreviewProject({
    renderProject,
    previewDependents: () => Promise.resolve({ dependents: [], hidden: 0 }),
    estimateRenderings: ({ namespace }, renderings) => {
      estimated.push([namespace, ...renderings.map(({ rendered }) => rendered.documents[0]?.name ?? '')]);
      return Promise.resolve({ totals: { total: {}, quota: { fits: true } } as never, warnings: [] });
    },
    clock: stage.clock,
  });
}

const db = { name: 'db', chartName: 'db', configValues: { address: 'db.shop' } };
const web = { name: 'web', chartName: 'web' };
const input = (request: ProjectRequest, given: Partial<RenderProjectInput> = {}) => ({
  namespace: 'shop',
  project: 'mall',
  request,
  strict: false,
  validate: 'client' as const,
  caller: null,
  requestId: 'r',
  hooks: false,
  crds: false,
  ...given,
});
const signal = new AbortController().signal;
const nameOf = (object: JsonObject) => `${asString(object['kind'])} ${asString(valueAt(object, 'metadata', 'name'))}`;

describe('a dry run of a project', () => {
  test('shows all objects, providers first, with the outputs that they will have', async () => {
    const { answer, warnings } = await preview().dryRunProject(input({ releases: [web, db] }), signal);
    expect(answer.map(nameOf)).toEqual(['ConfigMap db', 'ReleaseConfig db', 'ConfigMap web', 'ReleaseConfig web']);
    expect(answer[2]).toMatchObject({ data: { db: { address: 'db.shop' } } });
    expect(answer[3]).toMatchObject({ spec: { project: 'mall', dependencies: { db: 'db' } } });
    expect(warnings).toMatchObject([
      { code: 'OUTPUT_UNKNOWN', message: expect.stringContaining('release db: the output port') },
    ]);
    expect(stage.accepted()).toEqual([]);
  });

  test('judges every release, and names all that are refused', async () => {
    const releases = [web, { name: 'none', chartName: 'none' }, { ...db, dependencies: { x: 'gone' } }];
    await expect(preview().dryRunProject(input({ releases }), signal)).rejects.toMatchObject({
      code: 'CHART_NOT_FOUND',
      details: {
        releases: [
          { name: 'none', code: 'CHART_NOT_FOUND' },
          { name: 'db', code: 'DEPENDENCY_NOT_FOUND' },
        ],
      },
    });
  });

  test('is refused for a release that is not a member, or without the right to upgrade one that is', async () => {
    await stage.release({ name: 'db', revision: 3 });
    const refused = { code: 'RELEASE_EXISTS', details: { releases: [{ name: 'db' }] } };
    await expect(preview().dryRunProject(input({ releases: [db] }), signal)).rejects.toMatchObject(refused);
    const previews = preview(['get shop', 'list shop', 'create shop']);
    await stage.chart('db');
    await stage.release({ name: 'db', releaseConfig: releaseConfig({ project: 'mall' }) });
    const asked = previews.dryRunProject(input({ releases: [db] }, { caller: stage.ann }), signal);
    await expect(asked).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  test('of a project that is there already shows the differences', async () => {
    const objects = [map('db', { former: 'x' })];
    await stage.release({ name: 'db', revision: 3, objects, releaseConfig: releaseConfig({ project: 'mall' }) });
    const { answer } = await preview().compareProject(input({ releases: [db, web] }), signal);
    expect(answer.releases).toMatchObject([
      { name: 'db', revision: 3 },
      { name: 'web', revision: 0 },
    ]);
    expect(answer.releases[0]?.objects).toContainEqual(expect.objectContaining({ name: 'db', change: 'changed' }));
  });

  test('whose objects take too much is refused', async () => {
    const text = 'x'.repeat(20 * 1024 * 1024);
    await stage.chart('large', '1.0.0', { render: () => [map('large', { text })] });
    const releases = ['a', 'b'].map((name) => ({ name, chartName: 'large' }));
    await expect(preview().dryRunProject(input({ releases }), signal)).rejects.toMatchObject({
      code: 'RELEASE_TOO_LARGE',
    });
  });
});

describe('the totals of a project', () => {
  test('are those of each release, in the order of installation, and of all together', async () => {
    const asked = input({ releases: [web, db] });
    const { answer } = await preview().estimateProject(asked, signal);
    expect(answer.map(({ name }) => name)).toEqual(['db', 'web']);
    expect(estimated).toEqual([
      ['shop', 'db'],
      ['shop', 'web'],
    ]);
    const { answer: sum } = await preview().sumProject(asked, signal);
    expect(sum).toMatchObject({ releases: [{ name: 'db' }, { name: 'web' }], quota: { fits: true } });
    expect(estimated.at(-1)).toEqual(['shop', 'db', 'web']);
  });
});
