import { describe, expect, it } from 'vitest';
import { valueOrigins, type ValueLayers } from './value-origins.ts';

const layers: ValueLayers = {
  configValues: { replicas: 2, auth: { password: '***' } },
  injected: { zookeeper: { address: 'zk:2181' }, replicas: 9 },
  commonValues: { zone: 'a', zookeeper: { address: 'common' } },
  chart: { replicas: 1, image: 'web', list: [1], cache: { size: 1 } },
  subcharts: ['cache'],
  aliases: [
    { key: 'zookeeper', provider: 'demo/zk', path: ['zookeeper'] },
    { key: 'other', provider: 'demo/other', path: ['other'] },
  ],
};

describe('the origin of values', () => {
  it('is the highest layer that says them', () => {
    const computed = {
      replicas: 2,
      auth: { password: '***' },
      zookeeper: { address: 'zk:2181' },
      zone: 'a',
      image: 'web',
      list: [1],
      empty: {},
      cache: { size: 1, port: 6379 },
    };
    expect(valueOrigins(computed, layers)).toEqual([
      { path: '/replicas', value: 2, layer: 'configValues' },
      { path: '/auth/password', value: '***', layer: 'configValues' },
      { path: '/zookeeper/address', value: 'zk:2181', layer: 'injected', dependency: 'zookeeper', provider: 'demo/zk' },
      { path: '/zone', value: 'a', layer: 'commonValues' },
      { path: '/image', value: 'web', layer: 'chart' },
      { path: '/list', value: [1], layer: 'chart' },
      { path: '/empty', value: {}, layer: 'chart' },
      { path: '/cache/size', value: 1, layer: 'chart' },
      { path: '/cache/port', value: 6379, layer: 'subchart', chart: 'cache' },
    ]);
  });

  it('says nothing of which dependency where none claims the place', () => {
    expect(valueOrigins({ replicas: 9 }, { ...layers, configValues: {} })).toEqual([
      { path: '/replicas', value: 9, layer: 'injected' },
    ]);
  });
});
