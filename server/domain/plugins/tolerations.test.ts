import { expect, test } from 'vitest';
import { shopDocuments } from '../../../test/harness/charts/manifest-documents.ts';
import { afterPlugin, runPlugins } from '../../../test/harness/charts/plugin-runs.ts';
import { valueAt } from '../json/json-reading.ts';

const shop = shopDocuments();
const dedicated = { key: 'dedicated', operator: 'Equal', value: 'shop', effect: 'NoSchedule' };
const args = { tolerations: [dedicated, dedicated] };

test('adds what is missing to every pod, hooks included, once', () => {
  const { changed } = runPlugins(shop, [{ name: 'Tolerations', args }]);
  expect(changed).toHaveLength(6);
  expect(valueAt(changed[0]?.object ?? {}, 'spec', 'template', 'spec', 'tolerations')).toEqual([dedicated]);
  const cron = changed.find(({ object }) => object?.['kind'] === 'CronJob')?.object ?? {};
  expect(valueAt(cron, 'spec', 'jobTemplate', 'spec', 'template', 'spec', 'tolerations')).toEqual([dedicated]);
});

test('applying it twice is applying it once, and what the chart tolerates stays', () => {
  const once = afterPlugin(shop, 'Tolerations', { tolerations: [{ operator: 'Exists' }] });
  const twice = afterPlugin(once, 'Tolerations', args);
  expect(valueAt(twice[4]?.object ?? {}, 'spec', 'template', 'spec', 'tolerations')).toEqual([
    { operator: 'Exists' },
    dedicated,
  ]);
  expect(runPlugins(twice, [{ name: 'Tolerations', args }]).changed).toEqual([]);
});
