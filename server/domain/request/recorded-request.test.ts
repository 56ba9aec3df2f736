import { expect, test } from 'vitest';
import type { JsonObject } from '../json/json.ts';
import { readRecordedRequest } from './recorded-request.ts';
import type { ReleaseFacts } from '../release/release-facts.ts';
import { NEW_RELEASE } from './release-request.ts';

function facts(given: Partial<ReleaseFacts>): ReleaseFacts {
  return {
    ...NEW_RELEASE,
    outputConfigValues: {},
    outputSecrets: [],
    labels: {},
    injected: [],
    source: null,
    ...given,
  };
}

test('layers stay apart, and masked leaves get the value that Helm recorded', () => {
  const config: JsonObject = { auth: { password: 'p4ss' }, zk: { address: 'zk:2181' }, users: [{ key: 'k1' }], a: 1 };
  const layers = {
    configValues: { auth: { password: '***' }, users: [{ key: '***' }], a: 1 },
    dependenciesConfigValues: { zk: { address: 'zk:2181' } },
    releaseLabels: { team: 'blue' },
  };
  expect(readRecordedRequest(config, { facts: facts(layers), config })).toMatchObject({
    configValues: { auth: { password: 'p4ss' }, users: [{ key: 'k1' }], a: 1 },
    dependenciesConfigValues: { zk: { address: 'zk:2181' } },
    releaseLabels: { team: 'blue' },
  });
});

test('values that plain Helm changed since are the users own, without what was injected', () => {
  const layers = {
    configValues: { a: 1, zk: { own: true, retries: 3 } },
    commonValues: { region: 'eu' },
    dependenciesConfigValues: { zk: { address: 'zk:2181', retries: 3 } },
    dependencies: { zookeeper: 'zk' },
  };
  const written: JsonObject = { region: 'eu', a: 1, zk: { address: 'zk:2181', own: true, retries: 3 } };
  const now: JsonObject = { region: 'us', a: 2, zk: { address: 'zk:2181', own: true, retries: 3 }, b: null };
  expect(readRecordedRequest(now, { facts: facts(layers), config: written })).toMatchObject({
    configValues: { region: 'us', a: 2, zk: { own: true, retries: 3 }, b: null },
    dependencies: { zookeeper: 'zk' },
  });
});

test('of a release that Walm never changed, everything that Helm recorded is the users', () => {
  expect(readRecordedRequest({ a: 1 }, null)).toEqual({ ...NEW_RELEASE, configValues: { a: 1 } });
});
