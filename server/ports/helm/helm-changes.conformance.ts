import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../domain/json/json.ts';
import type { DocumentTransform } from './release-content.ts';
import { configOf, type HelmUnderTest, refused, sorted, stageRelease, withCode } from './helm-stage.conformance.ts';

/** The effects of install, upgrade and rewrite on a release and its history. */
export function helmChangesConformance(open: () => HelmUnderTest): void {
  describe('an install', () => {
    test('records what it was made of, and is read back as it was answered', async () => {
      const { helm, at, install } = stageRelease(open());
      const made = await install(2, { labels: { team: 'red' }, description: 'by a test' });
      const facts = { revision: 1, status: 'deployed', chartName: 'web', chartVersion: '1.2.3' };
      expect(made).toMatchObject({
        ...facts,
        description: 'by a test',
        labels: { team: 'red' },
        config: { replicas: 2 },
        computedValues: { replicas: 2 },
        releaseConfig: null,
        seal: { sealed: false },
      });
      expect(sorted(made.objects.map(({ kind, name }) => `${kind} ${name}`))).toEqual([
        `ConfigMap ${at.name}-data`,
        `ConfigMap ${at.name}-kept`,
        `Deployment ${at.name}`,
      ]);
      expect(made.objects.map(({ index, namespace }) => [index, namespace])).toEqual(
        [0, 1, 2].map((index) => [index, at.namespace]),
      );
      expect(sorted(made.hooks.map(({ name, events }) => `${name} ${events.join(' ')}`))).toEqual([
        `${at.name}-early test`,
        `${at.name}-late test`,
      ]);
      expect(await helm.getRelease(at)).toEqual(made);
      expect(await helm.getRelease(at, 1)).toEqual(made);
      expect(await helm.releaseHistory(at)).toMatchObject([{ ...facts, labels: { team: 'red' } }]);
    });

    test('says by itself that it is complete, and has no labels unless they are given', async () => {
      const { install } = stageRelease(open());
      expect(await install(1)).toMatchObject({ description: 'Install complete', labels: {} });
    });

    test('is refused while the name is in use', async () => {
      const { install, upgrade, history } = stageRelease(open());
      await install(1);
      await expect(install(1)).rejects.toMatchObject(withCode('RELEASE_EXISTS', { revision: 1, status: 'deployed' }));
      await refused(upgrade(-1));
      await expect(install(1)).rejects.toMatchObject(withCode('RELEASE_EXISTS', { revision: 2, status: 'failed' }));
      expect(await history()).toEqual(['1 deployed', '2 failed']);
    });

    test('that fails is recorded, with the reason, and leaves the name free', async () => {
      const { helm, at, install, history } = stageRelease(open());
      await refused(install(-1));
      expect((await helm.getRelease(at))?.description).toMatch(new RegExp(`^Release "${at.name}" failed: .`));
      expect(await install(1)).toMatchObject({ revision: 2 });
      expect(await history()).toEqual(['1 failed', '2 deployed']);
    });
  });

  describe('an upgrade', () => {
    test('supersedes what was deployed, and keeps when the release was deployed first', async () => {
      const { upgrade, install, history } = stageRelease(open());
      const { firstDeployed } = await install(1);
      expect(await upgrade(2)).toMatchObject({ revision: 2, description: 'Upgrade complete', firstDeployed });
      expect(await history()).toEqual(['1 superseded', '2 deployed']);
    });

    test('keeps labels unless others are given, which are then all', async () => {
      const { upgrade, install } = stageRelease(open());
      await install(1, { labels: { team: 'red', tier: 'web' } });
      expect(await upgrade(1)).toMatchObject({ labels: { team: 'red', tier: 'web' } });
      expect((await upgrade(1, { labels: { team: 'blue' } })).labels).toEqual({ team: 'blue' });
    });

    test('that fails changes nothing of what is deployed, and the next one supersedes that', async () => {
      const { helm, at, upgrade, install, history } = stageRelease(open());
      await install(1);
      await refused(upgrade(-1));
      expect(await history()).toEqual(['1 deployed', '2 failed']);
      const failed = await helm.getRelease(at);
      expect(failed?.description).toMatch(new RegExp(`^Upgrade "${at.name}" failed: .`));
      // What it answered can be answered later.
      expect(failed?.failure).toMatchObject({
        code: 'MANIFEST_INVALID',
        message: expect.stringMatching(/./) as string,
      });
      expect((await helm.getRelease(at, 1))?.failure).toBeUndefined();
      await upgrade(2);
      expect(await history()).toEqual(['1 superseded', '2 failed', '3 deployed']);
    });

    test('of a release that never came true supersedes the attempt that it begins at', async () => {
      const { upgrade, install, history } = stageRelease(open());
      await refused(install(-1));
      await upgrade(1);
      expect(await history()).toEqual(['1 superseded', '2 deployed']);
    });

    test('keeps so many revisions, and what is deployed among them', async () => {
      const { upgrade, install, history } = stageRelease(open());
      await install(1);
      await upgrade(2);
      await upgrade(3, { maxHistory: 2 });
      expect(await history()).toEqual(['2 superseded', '3 deployed']);
      await refused(upgrade(-1, { maxHistory: 2 }));
      await refused(upgrade(-1, { maxHistory: 2 }));
      expect(await history()).toEqual(['3 deployed', '5 failed']);
    });

    test('is refused for another revision than the expected one', async () => {
      const { upgrade, install, history } = stageRelease(open());
      await install(1);
      await upgrade(2, { expectedRevision: 1 });
      await expect(upgrade(3, { expectedRevision: 1 })).rejects.toMatchObject(
        withCode('REVISION_MISMATCH', { revision: 2, expected: 1 }),
      );
      await refused(upgrade(-1, { expectedRevision: 2 }));
      await upgrade(3, { expectedRevision: 3 });
      expect(await history()).toEqual(['1 superseded', '2 superseded', '3 failed', '4 deployed']);
    });
  });

  describe('a rewrite', () => {
    test('makes a revision out of the recorded one, with other values and labels where they are given', async () => {
      const { rewrite, install, history } = stageRelease(open());
      const { firstDeployed, objects } = await install(1, { labels: { team: 'red' } });
      const same = await rewrite({ description: 'once more' });
      expect(same).toMatchObject({ revision: 2, description: 'once more', firstDeployed, labels: { team: 'red' } });
      expect(same.config).toEqual({ replicas: 1 });
      expect(same.objects.map(({ object }) => object)).toEqual(objects.map(({ object }) => object));
      const other = await rewrite({ values: { by: 'rewrite' }, labels: {} });
      expect(other).toMatchObject({ revision: 3, labels: {}, config: { by: 'rewrite' } });
      expect(await history()).toEqual(['1 superseded', '2 superseded', '3 deployed']);
    });

    test('begins at the base that is given, with the labels of what is applied', async () => {
      const { rewrite, upgrade, install } = stageRelease(open());
      await install(1, { labels: { team: 'red' } });
      await upgrade(2, { labels: { team: 'blue' } });
      expect(await rewrite({ base: 1 })).toMatchObject({
        revision: 3,
        config: { replicas: 1 },
        labels: { team: 'blue' },
      });
      await expect(rewrite({ base: 9 })).rejects.toMatchObject(withCode('RELEASE_NOT_FOUND', { revision: 9 }));
    });

    test('never prunes the revision that it begins at: it could not be repeated', async () => {
      const { rewrite, upgrade, install, history } = stageRelease(open());
      await install(1);
      await upgrade(2);
      await upgrade(3);
      await rewrite({ base: 1, maxHistory: 2 });
      expect(await history()).toEqual(['1 superseded', '3 superseded', '4 deployed']);
    });

    test('begins at what is deployed where attempts have failed since, and does not take labels of theirs', async () => {
      const { rewrite, upgrade, install, history } = stageRelease(open());
      await install(1, { labels: { team: 'red' } });
      await refused(upgrade(-1, { labels: { team: 'blue' } }));
      const made = await rewrite();
      expect(made).toMatchObject({ revision: 3, config: { replicas: 1 }, labels: { team: 'red' } });
      expect(await history()).toEqual(['1 superseded', '2 failed', '3 deployed']);
    });

    test('begins at what was deployed last where nothing is, and else at the newest', async () => {
      const { rewrite, upgrade, install, leave } = stageRelease(open());
      await install(1);
      await upgrade(2);
      await leave(1, 'superseded');
      await leave(2, 'failed');
      expect(await rewrite()).toMatchObject({ revision: 3, config: { replicas: 1 } });
      await leave(1, 'failed');
      await leave(3, 'failed');
      expect(await rewrite({ labels: {} })).toMatchObject({ revision: 4, config: { replicas: 1 } });
    });

    test('that fails leaves what is deployed', async () => {
      const { rewrite, upgrade, install, history, leave } = stageRelease(open());
      await install(1);
      await refused(upgrade(-1));
      await leave(2, 'superseded');
      await refused(rewrite({ base: 2 }));
      expect(await history()).toEqual(['1 deployed', '2 superseded', '3 failed']);
    });

    test('is refused for another revision than the expected one, and keeps so many revisions', async () => {
      const { rewrite, install, history } = stageRelease(open());
      await install(1);
      await expect(rewrite({ expectedRevision: 2 })).rejects.toMatchObject(
        withCode('REVISION_MISMATCH', { revision: 1, expected: 2 }),
      );
      await rewrite({ expectedRevision: 1, maxHistory: 1 });
      expect((await history()).at(-1)).toBe('2 deployed');
    });

    test('adopts a release with a ReleaseConfig, which is sealed, and detaches it again', async () => {
      const { helm, at, rewrite, install } = stageRelease(open());
      await install(1);
      const adopted = await rewrite({ releaseConfig: configOf(at, 'first'), sealing: { operation: 'adopt' } });
      expect(adopted).toMatchObject({
        releaseConfig: { spec: { project: 'first' } },
        seal: { sealed: true, by: null, operation: 'adopt' },
      });
      expect(adopted.objects.map(({ kind }) => kind)).toContain('ReleaseConfig');
      expect(await rewrite({ releaseConfig: configOf(at, 'second') })).toMatchObject({
        releaseConfig: { spec: { project: 'second' } },
      });
      const detached = await rewrite();
      expect(detached).toMatchObject({ revision: 4, releaseConfig: null, seal: { sealed: false } });
      expect(detached.objects.map(({ kind }) => kind)).not.toContain('ReleaseConfig');
      expect(await helm.getRelease(at, 2)).toMatchObject({ releaseConfig: { spec: { project: 'first' } } });
    });
  });

  describe('documents', () => {
    test('are changed on the way, with a warning that is not recorded', async () => {
      const { helm, at, install, rewrite } = stageRelease(open());
      const shown: [boolean, boolean, boolean][] = [];
      const transform: DocumentTransform = {
        always: true,
        run(documents, origin) {
          shown.push([origin.recorded, origin.served('v1', 'ConfigMap'), origin.served('v1', 'Unheard')]);
          const changed = documents
            .filter((document) => document.name === `${at.name}-data`)
            .map(({ index, object }) => ({ index, object: { ...object, data: { text: 'changed' } } }));
          return { changed, added: [], warnings: [{ code: 'TEST', message: 'careful' }] };
        },
      };
      const dataOf = (release: { objects: { name: string; object: JsonObject }[] } | null) =>
        release?.objects.find((document) => document.name === `${at.name}-data`)?.object['data'];
      const made = await install(1, { transform });
      expect(dataOf(made)).toEqual({ text: 'changed' });
      expect(made.warnings).toContainEqual({ code: 'TEST', message: 'careful' });
      expect((await helm.getRelease(at))?.warnings).toEqual([]);
      expect(dataOf(await rewrite({ transform }))).toEqual({ text: 'changed' });
      expect(shown).toEqual([
        [false, true, false],
        [true, true, false],
      ]);
    });

    test('that cannot be changed fail the operation before anything is recorded', async () => {
      const { install, history } = stageRelease(open());
      const defect = new Error('a defect');
      const run = () => Promise.reject(defect);
      await expect(install(1, { transform: { always: true, run } })).rejects.toBe(defect);
      expect(await history()).toEqual([]);
    });
  });
}
