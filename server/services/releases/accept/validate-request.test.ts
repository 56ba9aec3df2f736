import { beforeEach, describe, expect, test } from 'vitest';
import { releaseConfig } from '../../../../test/harness/fakes/recorded-revision.ts';
import { createReleaseStage, type ReleaseStage, terms } from '../../../../test/harness/fakes/release-stage.ts';
import type { ChartOrigin } from '../../../domain/charts/chart-origin.ts';
import { parseMetainfo } from '../../../domain/metainfo/metainfo.ts';
import type { ApplyInput } from '../../tasks/release-mutation.ts';
import { createValidateRequest } from './validate-request.ts';

const metainfo = parseMetainfo('dependencies:\n- {name: db, dependencyOptional: false, aliasConfigVar: config.db}\n');
const call = { signal: new AbortController().signal };

let stage: ReleaseStage;
let origin: ChartOrigin;

beforeEach(async () => {
  stage = createReleaseStage();
  origin = await originOf('web');
});

async function originOf(name: string, given = {}): Promise<ChartOrigin> {
  const { digest, version, fileName: ref } = await stage.chart(name, '1.0.0', given);
  return { kind: 'archive', ref, version, digest };
}

const validate = () =>
  createValidateRequest({ ...stage, engine: stage.helm, store: stage.tasks, ignoreUnknownPlugins: false });

const asked = (request: ApplyInput['request'], given: Partial<ApplyInput> = {}): ApplyInput => ({
  namespace: 'shop',
  request,
  createNamespace: false,
  crds: 'create',
  waitReady: true,
  allowMissing: false,
  options: terms(),
  ...given,
});

describe('an install', () => {
  const install = (input: ApplyInput) => validate().install(input, origin, call);

  test('that is fine is answered with its chart and where that comes from, and nothing is written', async () => {
    expect(await install(asked({ name: 'web', configValues: { a: 1 } }))).toMatchObject({
      chart: { name: 'web', version: '1.0.0' },
      origin,
      warnings: [],
    });
    expect(stage.accepted()).toEqual([]);
  });

  test('of a provider that is not there is refused, unless that is allowed', async () => {
    origin = await originOf('dependent', { metainfo });
    const request = { name: 'web', dependencies: { db: 'db' } };
    await expect(install(asked(request))).rejects.toMatchObject({ code: 'DEPENDENCY_NOT_FOUND' });
    await expect(install(asked(request, { allowMissing: true }))).resolves.toMatchObject({ origin });
    await expect(install(asked({ name: 'web', dependencies: { db: 'web' } }))).rejects.toMatchObject({
      code: 'DEPENDENCY_CYCLE',
    });
  });

  test('with warnings is refused where it is strict', async () => {
    origin = await originOf('dependent', { metainfo });
    const request = { name: 'web', dependencies: { db: 'db' } };
    const strict = { allowMissing: true, options: terms({ strict: true }) };
    await expect(install(asked(request, strict))).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });

  test('with an unknown plugin has a warning, and is refused with strict=true', async () => {
    const request = { name: 'web', plugins: [{ name: 'NoSuchPlugin', version: '1.0', args: '' }] };
    expect(await install(asked(request))).toMatchObject({ warnings: [{ code: 'PLUGIN_UNKNOWN' }] });
    await expect(install(asked(request, { options: terms({ strict: true }) }))).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
    });
  });
});

describe('an upgrade', () => {
  const history = async () => stage.helm.releaseHistory({ identity: null, namespace: 'shop', name: 'web' });
  const upgrade = async (input: ApplyInput, given: ChartOrigin | null = null) =>
    validate().upgrade(input, { name: 'web', origin: given, history: await history() }, call);

  test('keeps the chart of the release where it names none, and is answered with the revision it changes', async () => {
    await stage.release({ revision: 2, releaseConfig: releaseConfig({ source: origin }) });
    expect(await upgrade(asked({ name: 'web' }))).toMatchObject({ origin, current: { revision: 2 } });
    const other = await originOf('other');
    expect(await upgrade(asked({ name: 'web' }), other)).toMatchObject({ origin: other, chart: { name: 'other' } });
    expect(stage.accepted()).toEqual([]);
  });

  test('of a release that has gone meanwhile is left to its task', async () => {
    const seen = [{ revision: 1, status: 'deployed', description: '', updated: '' }] as const;
    const judged = await validate().upgrade(asked({ name: 'web' }), { name: 'web', origin, history: seen }, call);
    expect(judged).toBeNull();
  });

  test('without a chart that is kept anywhere is refused', async () => {
    const source = { ...origin, digest: 'f'.repeat(64) };
    await stage.release({
      releaseConfig: releaseConfig({ source }),
      chartMetadata: { dependencies: [{ name: 'part' }] },
    });
    await expect(upgrade(asked({ name: 'web' }))).rejects.toMatchObject({ code: 'CHART_NOT_RECORDED' });
  });
});
