import { describe, expect, test } from 'vitest';
import { createLiveViewStage, KEY, type LiveViewStage } from '../../../test/harness/fakes/live-view-stage.ts';
import { releaseConfig } from '../../../test/harness/fakes/recorded-revision.ts';
import type { HelmStatus } from '../../domain/revisions/helm-status.ts';
import { unsealed } from '../../domain/seals/seal-state.ts';
import type { HelmRelease } from '../../ports/helm/helm-release.ts';

/** How a record becomes known: by its watch event, or because this process wrote it. */
type Arrival = { revision: number; status: HelmStatus; given?: Partial<HelmRelease> };

const facts = (team: string) => releaseConfig({ configValues: {}, releaseLabels: { team } });
const seal = unsealed('it carries no seal');
const at = (day: number) => ({ updated: `2026-01-0${day}T00:00:00Z` });
const OUTSIDE = { releaseConfig: null, seal };

const HISTORIES: Readonly<Record<string, readonly Arrival[]>> = {
  'a change from outside after one of ours': [
    { revision: 1, status: 'superseded', given: { releaseConfig: facts('a'), ...at(1) } },
    { revision: 2, status: 'deployed', given: { ...OUTSIDE, ...at(2) } },
  ],
  'two of ours, and two from outside, of which one carries facts': [
    { revision: 1, status: 'superseded', given: { releaseConfig: facts('a'), ...at(1) } },
    { revision: 2, status: 'superseded', given: { releaseConfig: facts('b'), ...at(2) } },
    { revision: 3, status: 'superseded', given: { releaseConfig: facts('c'), seal, ...at(3) } },
    { revision: 4, status: 'deployed', given: { ...OUTSIDE, ...at(4) } },
  ],
  'an uninstallation in between': [
    { revision: 1, status: 'superseded', given: { releaseConfig: facts('a'), ...at(1) } },
    { revision: 2, status: 'uninstalled', given: { releaseConfig: facts('a'), ...at(2) } },
    { revision: 3, status: 'superseded', given: { ...OUTSIDE, ...at(3) } },
    { revision: 4, status: 'deployed', given: { ...OUTSIDE, ...at(4) } },
  ],
  'a failed attempt on top': [
    { revision: 1, status: 'superseded', given: { releaseConfig: facts('a'), ...at(1) } },
    { revision: 2, status: 'superseded', given: { ...OUTSIDE, ...at(2) } },
    { revision: 3, status: 'deployed', given: { ...OUTSIDE, ...at(3) } },
    { revision: 4, status: 'failed', given: { ...OUTSIDE, ...at(4) } },
  ],
};

function permutations<Item>(items: readonly Item[]): Item[][] {
  return items.length === 0
    ? [[]]
    : items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}

async function onStage<Result>(act: (stage: LiveViewStage) => Promise<Result>): Promise<Result> {
  const stage = createLiveViewStage();
  try {
    await stage.start();
    return await act(stage);
  } finally {
    stage.stop();
  }
}

async function shown({ cache }: LiveViewStage) {
  const record = await cache.get(KEY);
  if (record === undefined) return undefined;
  const { revision, facts: found, outside, attempt } = record;
  return { revision, labels: found?.releaseLabels, outside, attempt: attempt?.revision };
}

/** What a replica shows that learns of all records at once, when it starts. */
async function atOnce(history: readonly Arrival[]) {
  const stage = createLiveViewStage();
  history.forEach(({ revision, status, given }) => stage.write(revision, status, given));
  await stage.start();
  const found = await shown(stage);
  stage.stop();
  return found;
}

describe.each(Object.entries(HISTORIES))('the facts after %s', (_name, history) => {
  const orders = permutations(history);

  test('are the same in whatever order the records become known', async () => {
    const wanted = await atOnce(history);
    for (const order of orders) {
      const found = await onStage(async (stage) => {
        for (const { revision, status, given } of order) {
          stage.write(revision, status, given);
          await stage.settle();
        }
        return shown(stage);
      });
      expect([order.map(({ revision }) => revision), found]).toEqual([order.map(({ revision }) => revision), wanted]);
    }
  });

  test('are the same if this process wrote the newest record, and the watch tells of it and the others later', async () => {
    const wanted = await atOnce(history);
    for (const order of orders) {
      const found = await onStage(async (stage) => {
        for (const { revision, status, given } of history) stage.write(revision, status, given);
        const newest = stage.helm.get(history.at(-1)?.revision ?? 0);
        for (const { revision } of history) stage.records.remove(KEY, revision);
        await stage.settle();
        await stage.view.observe(KEY, newest ?? null);
        for (const { revision, status } of order) {
          stage.records.write(KEY, revision, status);
          await stage.settle();
        }
        await stage.clock.advance(30_000);
        await stage.settle();
        return shown(stage);
      });
      expect([order.map(({ revision }) => revision), found]).toEqual([order.map(({ revision }) => revision), wanted]);
    }
  });

  test('are the same after other records stood in their places, and were replaced in any order', async () => {
    const wanted = await atOnce(history);
    for (const order of orders) {
      const found = await onStage(async (stage) => {
        for (const { revision, status } of history) {
          stage.write(revision, status, { ...OUTSIDE, updated: '2025-01-01T00:00:00Z' }, 'former');
          await stage.settle();
        }
        for (const { revision, status, given } of order) {
          stage.write(revision, status, given);
          await stage.settle();
        }
        return shown(stage);
      });
      expect([order.map(({ revision }) => revision), found]).toEqual([order.map(({ revision }) => revision), wanted]);
    }
  });
});
