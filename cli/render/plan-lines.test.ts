import { expect, test } from 'vitest';

import { changingSteps, planLines, planSummary } from './plan-lines.ts';

const chart = (name: string, version: string) => ({ name, version, digest: 'sha256:1' });
const plan = {
  namespace: 'demo',
  name: 'shop',
  steps: [
    {
      release: 'kafka',
      action: 'upgrade',
      wave: 2,
      reasons: ['CHART_CHANGED', 'VALUES_CHANGED', 'LABELS_CHANGED'],
      chart: { from: chart('kafka', '1.0.0'), to: chart('kafka', '1.1.0') },
      values: [{}, {}],
    },
    {
      release: 'zk',
      action: 'install',
      wave: 1,
      reasons: ['NOT_THERE'],
      chart: { from: null, to: chart('zookeeper', '1.0.0') },
      values: [],
    },
    {
      release: 'web',
      action: 'none',
      wave: 0,
      reasons: [],
      chart: { from: chart('web', '1.0.0'), to: chart('web', '1.0.0') },
      values: [],
    },
    {
      release: 'old',
      action: 'remove',
      wave: 3,
      reasons: ['NOT_NAMED'],
      chart: { from: chart('old', '1.0.0'), to: null },
      values: [],
    },
    {
      release: 'new\u001b[2J',
      action: 'upgrade',
      wave: 3,
      reasons: ['SOMETHING_NEWER'],
      chart: { from: chart('n', '1'), to: chart('n', '1') },
      values: [{}],
    },
  ],
};

test('a plan is a line a release, in the order of its waves', () => {
  expect(planLines(plan)).toEqual([
    '+  1  zk       install    zookeeper 1.0.0',
    '~  2  kafka    upgrade    chart 1.0.0 → 1.1.0, 2 values, labels',
    '-  3  old      remove     not in the file',
    '~  3  new\\x1b[2J  upgrade    1 value, SOMETHING_NEWER',
    '.     web      unchanged',
  ]);
});

test('its sum counts the releases, and what changes is everything else than what stays', () => {
  expect(planSummary(plan)).toBe('project demo/shop: 1 to install, 2 to upgrade, 1 to remove, 1 unchanged');
  expect(changingSteps(plan)).toHaveLength(4);
  expect(changingSteps({})).toEqual([]);
});
