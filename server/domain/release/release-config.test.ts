import { expect, test } from 'vitest';
import { buildReleaseConfig } from './release-config.ts';
import { shippedLabels } from '../request/release-labels.ts';
import { readReleaseFacts } from './release-facts.ts';

const content = {
  namespace: 'shop',
  name: 'web',
  taskId: 'task-1',
  chart: { name: 'tomcat', version: '0.2.0', appVersion: '7' },
  source: { kind: 'repository', ref: 'stable/tomcat', version: '0.2.0', digest: 'abc' },
  configValues: { replicas: 2, password: '***' },
  commonValues: {},
  dependencies: { zookeeper: 'zk1' },
  dependenciesConfigValues: { ZOOKEEPER: { address: 'zk1' } },
  injected: [{ key: 'zookeeper', provider: 'shop/zk1', digest: 'd', revision: 4, outputs: { address: 'a' } }],
  releaseLabels: { team: 'blue' },
  removedLabels: ['tier'],
  plugins: [{ name: 'LabelPod', args: '{}', version: '1.0', disable: false }],
  outputs: { address: 'service:web.address' },
  project: 'shop',
  repoName: 'stable',
  chartImage: '',
  onFailure: 'hold',
  strategy: null,
  pause: null,
  held: null,
  cause: 'installed',
  caller: 'alice',
} as const;

test('has every field of the original and every one of ours, whether or not it is used', () => {
  const { metadata, spec } = buildReleaseConfig({
    ...content,
    configValues: { ...content.configValues },
    dependenciesConfigValues: { ZOOKEEPER: { address: 'zk1' } },
  });
  expect(metadata).toEqual({
    name: 'web',
    namespace: 'shop',
    labels: { team: 'blue' },
    annotations: {
      'walm.io/facts': 'v1',
      'walm.io/task': 'task-1',
      'walm.io/cause': 'installed',
      'walm.io/caller': 'alice',
    },
  });
  expect(Object.keys(Object(spec)).toSorted()).toEqual(
    [
      'configValues',
      'dependenciesConfigValues',
      'dependencies',
      'chartName',
      'chartVersion',
      'chartAppVersion',
      'outputConfig',
      'repo',
      'chartImage',
      'plugins',
      'source',
      'releaseLabels',
      'removedLabels',
      'outputs',
      'commonValues',
      'injected',
      'project',
      'onFailure',
      'strategy',
      'pause',
    ].toSorted(),
  );
});

test('what is written is what is read', () => {
  const facts = readReleaseFacts(
    buildReleaseConfig({
      ...content,
      configValues: { ...content.configValues },
      dependenciesConfigValues: { ZOOKEEPER: { address: 'zk1' } },
    }),
  );
  expect(facts).toMatchObject({
    configValues: { replicas: 2, password: '***' },
    dependencies: { zookeeper: 'zk1' },
    dependenciesConfigValues: { ZOOKEEPER: { address: 'zk1' } },
    releaseLabels: { team: 'blue' },
    removedLabels: ['tier'],
    labels: { team: 'blue' },
    plugins: [{ name: 'LabelPod', args: '{}', version: '1.0', disable: false }],
    injected: [{ key: 'zookeeper', provider: 'shop/zk1', digest: 'd', revision: 4, outputs: { address: 'a' } }],
    outputs: { address: 'service:web.address' },
    commonValues: {},
    repoName: 'stable',
    chartImage: '',
    project: 'shop',
    onFailure: 'hold',
    source: content.source,
    pause: null,
    held: null,
  });
});

test("labels of the chart's own ReleaseConfig stay where nothing is rendered, except those that requests removed", () => {
  const facts = readReleaseFacts(
    buildReleaseConfig({ ...content, shippedLabels: { team: 'red', tier: 'data', app: 'zookeeper' } }),
  );
  expect(facts).toMatchObject({ labels: { team: 'blue', app: 'zookeeper' }, releaseLabels: { team: 'blue' } });
  expect(facts && shippedLabels(facts)).toEqual({ app: 'zookeeper' });
});
