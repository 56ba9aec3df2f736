import { beforeEach, describe, expect, test } from 'vitest';
import { releaseConfig } from '../../../../test/harness/fakes/recorded-revision.ts';
import { createReleaseStage, type ReleaseStage, terms } from '../../../../test/harness/fakes/release-stage.ts';
import { taskWith } from '../../../../test/harness/fakes/tasks.ts';
import { pauseToJson, withPausePlugin } from '../../../domain/workloads/pause-state.ts';
import type { HelmHook } from '../../../ports/helm/helm-release.ts';
import type { ChangeInput, MutationOutcome } from '../../tasks/release-mutation.ts';
import { createAcceptChange } from './accept-change.ts';
import { createAdoptRelease, createDetachRelease } from './adopt-release.ts';
import { createPauseRelease, createRecoverRelease } from './pause-release.ts';
import { createRestartRelease } from './restart-release.ts';
import { createTestRelease } from './test-release.ts';

let stage: ReleaseStage;

beforeEach(async () => {
  stage = createReleaseStage();
  await stage.release({ revision: 2, releaseConfig: releaseConfig({}), hooks: [probe] });
});

/** A test of the chart. */
const probe: HelmHook = {
  name: 'probe',
  kind: 'Pod',
  apiVersion: 'v1',
  path: 'web/templates/probe.yaml',
  manifest: '',
  events: ['test'],
  weight: 0,
  deletePolicies: [],
};

type Verb = 'adopt' | 'detach' | 'pause' | 'recover' | 'restart' | 'test';

function ask(verb: Verb, given: Partial<ChangeInput> & { names?: string[] } = {}): Promise<MutationOutcome> {
  const acceptChange = createAcceptChange({ ...stage, store: stage.tasks });
  const deps = { ...stage, acceptChange, store: stage.tasks };
  const verbs: Record<Verb, (input: ChangeInput, signal: AbortSignal) => Promise<MutationOutcome>> = {
    adopt: createAdoptRelease(deps),
    detach: createDetachRelease(deps),
    pause: createPauseRelease(deps),
    recover: createRecoverRelease(deps),
    restart: (input, signal) => createRestartRelease(deps)({ ...input, mode: 'rolling' }, signal),
    test: createTestRelease(deps),
  };
  return verbs[verb]({ namespace: 'shop', release: 'web', options: terms(), ...given }, new AbortController().signal);
}

/** The release is paused, by a revision of Walm. */
const pause = () =>
  stage.release({
    revision: 3,
    releaseConfig: releaseConfig({
      plugins: withPausePlugin([]),
      pause: pauseToJson({ since: '', objects: [], live: [], notPaused: [] }),
    }),
  });

const orders = () => stage.accepted().map(({ order }) => order);

describe('each change of what is there', () => {
  test.each<[Verb, object]>([
    ['detach', { kind: 'detach' }],
    ['pause', { kind: 'pause' }],
    ['restart', { kind: 'restart', mode: 'rolling' }],
    ['test', { kind: 'test' }],
  ])('%s is a durable task, and who waits is answered with its end', async (verb, order) => {
    expect(await ask(verb)).toMatchObject({ finished: false, task: { operation: verb, state: 'queued' } });
    expect(orders()).toEqual([order]);
    expect(await ask(verb, { options: terms({ waiting: {} }) })).toMatchObject({ finished: true });
    stage.outcome.task = { state: 'failed', error: { code: 'RELEASE_PAUSED', message: 'no', details: {} } };
    await expect(ask(verb, { options: terms({ waiting: {} }) })).rejects.toMatchObject({ code: 'RELEASE_PAUSED' });
  });

  test.each<Verb>(['adopt', 'detach', 'pause', 'recover', 'restart', 'test'])(
    '%s of what is not there, or at another revision, is refused before anything is written',
    async (verb) => {
      await expect(ask(verb, { release: 'none' })).rejects.toMatchObject({ code: 'RELEASE_NOT_FOUND' });
      const old = { options: terms({ expectedRevision: 1 }) };
      await expect(ask(verb, old)).rejects.toMatchObject({ code: 'REVISION_MISMATCH' });
      expect(orders()).toEqual([]);
    },
  );

  test('a test names the hooks that it runs', async () => {
    await ask('test', { names: ['probe'] });
    expect(orders()).toEqual([{ kind: 'test', names: ['probe'] }]);
  });
});

describe('what is so already needs nothing to be done', () => {
  const nothing = { task: null, finished: true, warnings: [] };

  test('a pause of what is paused, a recovery of what is not', async () => {
    expect(await ask('recover')).toEqual(nothing);
    await pause();
    expect(await ask('pause')).toEqual({ ...nothing, notPaused: [] });
    expect(orders()).toEqual([]);
    await ask('recover');
    expect(orders()).toEqual([{ kind: 'recover' }]);
  });

  test('an adoption of what Walm wrote, a detachment of what it never changed, tests of a chart without any', async () => {
    expect(await ask('adopt')).toEqual(nothing);
    await stage.release({ revision: 3, releaseConfig: null });
    expect(await ask('detach')).toEqual(nothing);
    const tests = { revision: 3, passed: true, failed: [], tests: [] };
    expect(await ask('test')).toEqual({ ...nothing, tests });
    expect(orders()).toEqual([]);
    await ask('adopt');
    expect(orders()).toEqual([{ kind: 'adopt' }]);
  });

  test('unless earlier tasks are unfinished, or it was written since it was seen: then the task decides', async () => {
    await pause();
    expect(await ask('pause', { options: terms({ expectedRevision: 3 }) })).toMatchObject(nothing);
    stage.helm.write('shop', 'web', 4, 'deployed');
    await ask('pause');
    await stage.tasks.create(taskWith({ id: 'earlier' }));
    await ask('pause');
    expect(orders().filter(({ kind }) => kind === 'pause')).toHaveLength(2);
  });
});

describe('what a paused release cannot do is refused before anything is written', () => {
  test.each<Verb>(['restart', 'detach', 'test'])('%s', async (verb) => {
    await pause();
    await expect(ask(verb)).rejects.toMatchObject({ code: 'RELEASE_PAUSED' });
    expect(orders()).toEqual([]);
  });
});
