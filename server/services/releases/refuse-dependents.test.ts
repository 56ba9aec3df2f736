import { expect, test } from 'vitest';
import { recordedRevision } from '../../../test/harness/recorded-revision.ts';
import { createMemoryReleaseCache } from '../../adapters/memory/release-cache.ts';
import { buildReleaseConfig } from '../../domain/release-config.ts';
import { releaseKey } from '../../domain/release-key.ts';
import { toReleaseRecord } from '../../domain/release-record.ts';
import { NEW_RELEASE } from '../../domain/release-request.ts';
import { createRefuseDependents } from './refuse-dependents.ts';

const PROVIDER = releaseKey('shop', 'zk');
const DEPENDENT = releaseKey('shop', 'kafka');

async function refuse(isGuarding: boolean, ...doomed: string[]) {
  const cache = createMemoryReleaseCache();
  const dependencies = { zookeeper: 'zk' };
  const chart = { name: 'chart', version: '1.0.0', appVersion: '1' };
  const content = { ...NEW_RELEASE, namespace: 'shop', name: 'kafka', dependencies, chart, source: null, injected: [] };
  const revision = recordedRevision({ namespace: 'shop', name: 'kafka', releaseConfig: buildReleaseConfig(content) });
  await cache.put(toReleaseRecord(revision, { earlier: null, firstWritten: revision.updated }));
  const refuseDependents = createRefuseDependents({ cache, isGuarding });
  return refuseDependents(doomed.map((name) => releaseKey('shop', name)));
}

test('a provider does not go without its dependents', async () => {
  await expect(refuse(true, 'zk')).rejects.toMatchObject({
    code: 'RELEASE_HAS_DEPENDENTS',
    message: expect.stringContaining(PROVIDER) as string,
    details: { dependents: [DEPENDENT] },
  });
  await expect(refuse(true, 'zk', 'kafka')).resolves.toBeUndefined();
});

test('as the original Walm did, nothing is guarded', async () => {
  await expect(refuse(false, 'zk')).resolves.toBeUndefined();
});
