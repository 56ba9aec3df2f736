import { describe, expect, test } from 'vitest';
import { helmChangesConformance } from './helm-changes.conformance.ts';
import { configOf, type HelmUnderTest, refused, sorted, stageRelease, withCode } from './helm-stage.conformance.ts';

/** The contract of every adapter of the port concerning releases. Tests are independent: each has its own release. */
export function helmConformance(name: string, open: () => HelmUnderTest): void {
  describe.concurrent(`releases of Helm by ${name}`, () => {
    helmChangesConformance(open);

    describe('an operation that is under way, or was killed,', () => {
      test.for(['pending-install', 'pending-upgrade', 'pending-rollback', 'uninstalling'] as const)(
        'locks the release while it is %s',
        async (status) => {
          const { helm, at, install, upgrade, rewrite, leave } = stageRelease(open());
          await install(1);
          await leave(1, status);
          const locked = withCode('RELEASE_LOCKED', { revision: 1, status });
          await expect(install(2)).rejects.toMatchObject(locked);
          await expect(upgrade(2)).rejects.toMatchObject(locked);
          await expect(rewrite()).rejects.toMatchObject(locked);
          await expect(helm.testRelease({ ...at, timeoutMs: 600_000 })).rejects.toMatchObject(locked);
          await expect(helm.removeFailedInstall({ ...at, timeoutMs: 600_000 })).rejects.toMatchObject(locked);
        },
      );

      test('is settled as failed, for the reason that is given', async () => {
        const { helm, at, install, upgrade, leave, history } = stageRelease(open());
        await install(1);
        await upgrade(2);
        await leave(1, 'deployed');
        await leave(2, 'pending-upgrade');
        await helm.settle({ ...at, revision: 2, description: 'it was killed' });
        expect(await helm.getRelease(at)).toMatchObject({ status: 'failed', description: 'it was killed' });
        await upgrade(3);
        expect(await history()).toEqual(['1 superseded', '2 failed', '3 deployed']);
      });

      test('is settled as what it was where it was a delete', async () => {
        const { helm, at, install, upgrade, leave } = stageRelease(open());
        await install(1);
        await leave(1, 'uninstalling');
        await helm.settle({ ...at, revision: 1, description: 'it was killed' });
        expect(await helm.getRelease(at)).toMatchObject({
          status: 'deployed',
          description: 'a delete was given up: it was killed',
        });
        await refused(upgrade(-1));
        await leave(2, 'uninstalling');
        await helm.settle({ ...at, revision: 2, description: 'it was killed' });
        expect(await helm.getRelease(at)).toMatchObject({ status: 'failed' });
      });

      test('is settled where it came true: what was deployed before is superseded', async () => {
        const { helm, at, install, upgrade, leave, history } = stageRelease(open());
        await install(1);
        await upgrade(2);
        await leave(1, 'deployed');
        await helm.settle({ ...at, revision: 2, description: 'it was killed' });
        expect(await history()).toEqual(['1 superseded', '2 deployed']);
      });

      test('and nothing else is settled: what has ended stays as it is, and what is not there is missed', async () => {
        const { helm, at, install, upgrade, history } = stageRelease(open());
        await expect(helm.settle({ ...at, revision: 1, description: 'no' })).rejects.toMatchObject({
          code: 'RELEASE_NOT_FOUND',
        });
        await install(1);
        await upgrade(2);
        await helm.settle({ ...at, revision: 1, description: 'no' });
        await expect(helm.settle({ ...at, revision: 7, description: 'no' })).rejects.toMatchObject({
          code: 'RELEASE_NOT_FOUND',
        });
        expect(await history()).toEqual(['1 superseded', '2 deployed']);
        expect((await helm.getRelease(at, 1))?.description).not.toBe('no');
      });
    });

    describe('an uninstall', () => {
      test('removes the release with its history, and names what is kept, as it was foretold', async () => {
        const { helm, at, install, upgrade } = stageRelease(open());
        await install(1);
        await upgrade(2);
        const kept = { kind: 'ConfigMap', name: `${at.name}-kept`, namespace: at.namespace };
        const foretold = await helm.foretellRemoval(at);
        expect(foretold.revision).toBe(2);
        const fates = foretold.objects.map(
          ({ object, outcome, reason }) => `${object.name} ${outcome} ${reason === '' ? 'for no' : 'for a'} reason`,
        );
        expect(sorted(fates)).toEqual([
          `${at.name} deleted for no reason`,
          `${at.name}-data deleted for no reason`,
          `${at.name}-kept kept for a reason`,
        ]);
        expect((await helm.foretellRemoval({ ...at, except: 1 })).objects).toEqual([]);
        const { warnings, ...removed } = await helm.uninstall({ ...at, timeoutMs: 600_000 });
        expect(removed).toMatchObject({ namespace: at.namespace, name: at.name, revision: 2 });
        expect(warnings).toMatchObject([{ code: 'OBJECT_KEPT', object: kept }]);
        expect(await helm.releaseHistory(at)).toEqual([]);
        expect(await helm.getRelease(at)).toBeNull();
      });

      test('that keeps the history leaves a name that is free, and a release that cannot be changed', async () => {
        const { helm, at, install, upgrade, rewrite, history } = stageRelease(open());
        await install(1);
        await helm.uninstall({ ...at, timeoutMs: 600_000, keepHistory: true });
        expect(await history()).toEqual(['1 uninstalled']);
        await expect(upgrade(2)).rejects.toMatchObject({ code: 'RELEASE_NOT_FOUND' });
        await expect(rewrite()).rejects.toMatchObject({ code: 'RELEASE_NOT_FOUND' });
        await install(2);
        expect(await history()).toEqual(['1 superseded', '2 deployed']);
      });

      test('after one that kept the history removes that', async () => {
        const { helm, at, install, history } = stageRelease(open());
        await install(1);
        await helm.uninstall({ ...at, timeoutMs: 600_000, keepHistory: true });
        await helm.uninstall({ ...at, timeoutMs: 600_000 });
        expect(await history()).toEqual([]);
      });
    });

    describe('what a failed install made', () => {
      test('is removed with its records, and what stays is named', async () => {
        const { helm, at, install, history } = stageRelease(open());
        await refused(install(-1));
        const { removed, kept } = await helm.removeFailedInstall({ ...at, timeoutMs: 600_000 });
        expect(removed.map((object) => object.name)).toContain(`${at.name}-data`);
        expect(kept).toMatchObject([{ kind: 'ConfigMap', namespace: at.namespace, name: `${at.name}-kept` }]);
        expect(await history()).toEqual([]);
      });

      test('stays where a release was deployed once, or is none', async () => {
        const { helm, at, install, upgrade, history } = stageRelease(open());
        const removing = () => helm.removeFailedInstall({ ...at, timeoutMs: 600_000 });
        await expect(removing()).rejects.toMatchObject({ code: 'RELEASE_NOT_FOUND' });
        await install(1);
        await refused(upgrade(-1));
        await expect(removing()).rejects.toMatchObject({ code: 'RELEASE_EXISTS' });
        expect(await history()).toEqual(['1 deployed', '2 failed']);
      });
    });

    describe('what is read', () => {
      test('of several releases comes in the order of the question', async () => {
        const { helm, at, install, upgrade } = stageRelease(open());
        await install(1);
        await upgrade(2);
        const { namespace, name: own } = at;
        const wanted = [
          { namespace, name: own, revision: 1 },
          { namespace, name: 'none' },
          { namespace, name: own },
          { namespace, name: own, revision: 9 },
        ];
        const answers = await helm.getReleases(wanted);
        expect(answers.map((one) => (one !== null && 'revision' in one ? one.revision : one))).toEqual([
          1,
          null,
          2,
          null,
        ]);
      });

      test('of a release that does not exist is nothing, or refused', async () => {
        const { helm, at, upgrade, rewrite } = stageRelease(open());
        expect(await helm.getRelease(at)).toBeNull();
        expect(await helm.releaseHistory(at)).toEqual([]);
        expect(await helm.packRecordedChart(at)).toBeNull();
        const missing = { code: 'RELEASE_NOT_FOUND' };
        await expect(helm.compareLive(at)).rejects.toMatchObject(missing);
        await expect(helm.foretellRemoval(at)).rejects.toMatchObject(missing);
        await expect(helm.testRelease({ ...at, timeoutMs: 600_000 })).rejects.toMatchObject(missing);
        await expect(helm.uninstall({ ...at, timeoutMs: 600_000 })).rejects.toMatchObject(missing);
        await expect(upgrade(1)).rejects.toMatchObject(missing);
        await expect(rewrite()).rejects.toMatchObject(missing);
      });

      test('of live objects equals the record, unless the objects were changed', async () => {
        const { helm, at, install } = stageRelease(open());
        await install(1);
        const compared = await helm.compareLive(at);
        const data = compared.find((one) => one.name === `${at.name}-data`);
        expect(compared.map(({ outcome }) => outcome)).toEqual(['compared', 'compared', 'compared']);
        expect(data?.recorded).toMatchObject({ data: { text: 'x' } });
        expect(data?.live).toMatchObject({ data: { text: 'x' } });
        expect(data?.applied).toEqual(data?.live);
      });

      test('of the recorded chart is packed under its digest', async () => {
        const { helm, at, install } = stageRelease(open());
        await install(1);
        expect(await helm.packRecordedChart(at)).toMatchObject({
          name: 'web',
          version: '1.2.3',
          digest: expect.stringMatching(/^[0-9a-f]{64}$/),
        });
        expect(await helm.packRecordedChart(at, 2)).toBeNull();
      });
    });

    test('hooks of a test run in the order of their weights, or those that are named', async () => {
      const { helm, at, install } = stageRelease(open());
      await install(1);
      const tested = async (filter?: string[]) =>
        (await helm.testRelease({ ...at, timeoutMs: 600_000, ...(filter && { filter }) })).map((run) => [
          run.name,
          run.phase,
          run.message,
        ]);
      expect(await tested()).toEqual([
        [`${at.name}-early`, 'Succeeded', ''],
        [`${at.name}-late`, 'Succeeded', ''],
      ]);
      expect(await tested([`${at.name}-late`])).toEqual([[`${at.name}-late`, 'Succeeded', '']]);
    });

    describe('what Walm does by itself', () => {
      test('is done to the revisions that were judged, and to no others', async () => {
        const { helm, at, install, rewrite } = stageRelease(open());
        const releaseConfig = configOf(at, 'sealed');
        const first = await install(1, { releaseConfig });
        const judged = first.judged === undefined ? [] : [first.judged];
        expect(judged).toMatchObject([{ revision: 1, name: at.name }]);
        await rewrite({ releaseConfig, judged });
        await expect(rewrite({ releaseConfig, judged })).rejects.toMatchObject({ code: 'REVISION_MISMATCH' });
        const second = (await helm.getRelease(at))?.judged;
        const changed = second === undefined ? [] : [{ ...second, configDigest: '0'.repeat(64) }];
        await expect(rewrite({ releaseConfig, judged: changed })).rejects.toMatchObject({ code: 'RELEASE_NOT_SEALED' });
        const base = second === undefined ? {} : { judged: [second], base: 1 };
        await expect(rewrite({ releaseConfig, ...base })).rejects.toMatchObject({ code: 'RELEASE_NOT_SEALED' });
      });

      test('leaves the seal to who made the base only where that is still what was judged', async () => {
        const { at, install, rewrite } = stageRelease(open());
        const releaseConfig = configOf(at, 'sealed');
        const { judged: base } = await install(1, { releaseConfig });
        if (base === undefined) throw new Error('the revision is not sealed');
        const exchanged = { keeps: { by: null, base: { ...base, chartDigest: '0'.repeat(64) } } };
        await expect(rewrite({ releaseConfig, sealing: exchanged })).rejects.toMatchObject({
          code: 'REVISION_MISMATCH',
        });
        expect(await rewrite({ releaseConfig, sealing: { keeps: { by: null, base } } })).toMatchObject({ revision: 2 });
      });
    });
  });
}
