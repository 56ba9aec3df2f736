import { expect, test } from 'vitest';

import { movableRelease } from './release-request.ts';

const release = {
  namespace: 'demo',
  name: 'web',
  repoName: 'examples',
  chartName: 'kafka',
  chartVersion: '1.0.0',
  chartImage: '',
  configValues: {
    replicas: 2,
    auth: { user: 'a', password: '***' },
    users: [{ token: '***' }],
    big: 12345678901234567890n,
  },
  dependencies: { zookeeper: 'zk' },
  releaseLabels: { team: 'data', 'app.kubernetes.io/managed-by': 'Helm' },
  plugins: [],
  onFailure: 'hold',
  strategy: null,
  project: 'shop',
};

test('a release becomes the request that makes it, without its secrets and its project', () => {
  expect(movableRelease(release)).toEqual({
    request: {
      name: 'web',
      repoName: 'examples',
      chartName: 'kafka',
      chartVersion: '1.0.0',
      configValues: { replicas: 2, auth: { user: 'a' }, big: 12345678901234567890n },
      dependencies: { zookeeper: 'zk' },
      releaseLabels: { team: 'data' },
      onFailure: 'hold',
    },
    hidden: ['auth.password', 'users'],
    chart: 'repository',
  });
});

test('a chart without a source is kept by the server only; an image is named alone', () => {
  expect(movableRelease({ ...release, repoName: '' })).toMatchObject({ chart: 'kept' });
  const image = movableRelease({ ...release, repoName: '', chartImage: 'registry.example/kafka:1' });
  expect(image).toMatchObject({ chart: 'image', request: { chartImage: 'registry.example/kafka:1' } });
  expect(image.request).not.toHaveProperty('chartName');
});

test('a name that means something to JavaScript is a value like any other', () => {
  const values = JSON.parse('{"__proto__": {"a": 1}}') as unknown;
  const { request } = movableRelease({ ...release, configValues: values });
  expect(JSON.stringify(request['configValues'])).toBe('{"__proto__":{"a":1}}');
});
