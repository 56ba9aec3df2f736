import { beforeEach, expect, test } from 'vitest';
import { releaseConfig } from '../../../test/harness/fakes/recorded-revision.ts';
import { createReleaseStage, type ReleaseStage } from '../../../test/harness/fakes/release-stage.ts';
import { findSecrets } from '../../domain/masking/hide-layers.ts';
import type { JsonObject } from '../../domain/json/json.ts';
import { createReadMember } from '../projects/read-member.ts';
import { createExportNamespace } from './export-namespace.ts';
import { createExportRelease } from './export-release.ts';
import { createExportReleases } from './export-releases.ts';

const { signal } = new AbortController();
const input = { namespace: 'shop', secrets: false, caller: null, requestId: 'r' };
let stage: ReleaseStage;
let digest: string;

beforeEach(async () => {
  stage = createReleaseStage();
  digest = (await stage.chart('db')).digest;
});

function present(name: string, spec: JsonObject | null) {
  const source = { kind: 'repository', ref: 'stable/db', version: '1.0.0', digest };
  const made = spec === null ? null : releaseConfig({ source, repo: 'stable', ...spec });
  return stage.release({ name, revision: 1, chartName: 'db', ...(made !== null && { releaseConfig: made }) });
}

function parts() {
  const readMember = createReadMember({ ...stage, engine: stage.helm });
  const exportReleases = createExportReleases({
    ...stage,
    readMember,
    findSecrets: (wanted) => Promise.resolve(findSecrets(wanted)),
  });
  return {
    exportNamespace: createExportNamespace({ ...stage, exportReleases }),
    exportRelease: createExportRelease({ ...stage, exportReleases }),
  };
}

const chart = { repoName: 'stable', chartName: 'db', chartVersion: '1.0.0' };

test("a namespace is its projects, its other releases, and the names of those that are not Walm's", async () => {
  await present('one', { project: 'mall', commonValues: { zone: 'a' } });
  await present('two', { configValues: { a: 1 } });
  await present('plain', null);
  const { exported } = await parts().exportNamespace(input, signal);
  expect(exported).toEqual({
    kind: 'Namespace',
    namespace: 'shop',
    projects: [
      {
        kind: 'Project',
        namespace: 'shop',
        name: 'mall',
        commonValues: { zone: 'a' },
        releases: [{ name: 'one', ...chart }],
      },
    ],
    releases: [{ name: 'two', ...chart, configValues: { a: 1 } }],
    foreign: ['plain'],
  });
});

test('an empty namespace has nothing', async () => {
  const { exported } = await parts().exportNamespace(input, signal);
  expect(exported).toMatchObject({ projects: [], releases: [], foreign: [] });
});

test('a release is the request of a project with it alone', async () => {
  await present('one', { project: 'mall', commonValues: { zone: 'a' }, configValues: { a: 1 } });
  await present('two', {});
  const { exported } = await parts().exportRelease({ ...input, release: 'one' }, signal);
  expect(exported).toEqual({
    kind: 'Release',
    namespace: 'shop',
    name: 'mall',
    commonValues: { zone: 'a' },
    releases: [{ name: 'one', ...chart, configValues: { a: 1 } }],
  });
  expect((await parts().exportRelease({ ...input, release: 'two' }, signal)).exported).toMatchObject({ name: '' });
  const unknown = parts().exportRelease({ ...input, release: 'none' }, signal);
  await expect(unknown).rejects.toMatchObject({ code: 'RELEASE_NOT_FOUND' });
});

test('secrets take the right to get them', async () => {
  stage = createReleaseStage(['list shop', 'list secrets shop']);
  const asked = { ...input, secrets: true, caller: stage.ann };
  await expect(parts().exportNamespace(asked, signal)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  const one = parts().exportRelease({ ...asked, release: 'one' }, signal);
  await expect(one).rejects.toMatchObject({ code: 'FORBIDDEN' });
});
