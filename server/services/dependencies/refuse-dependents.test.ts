import { expect, test } from 'vitest';
import { recordedRevision } from '../../../test/harness/fakes/recorded-revision.ts';
import { createMemoryReleaseCache } from '../../adapters/memory/release-cache.ts';
import { buildReleaseConfig } from '../../domain/release/release-config.ts';
import { releaseKey } from '../../domain/names/release-key.ts';
import { toReleaseRecord } from '../../domain/release/release-record.ts';
import { NEW_RELEASE } from '../../domain/request/release-request.ts';
import type { VisibleNamespaces } from '../access/visible-namespaces.ts';
import { createRefuseDependents } from './refuse-dependents.ts';

const PROVIDER = releaseKey('shop', 'zk');
const DEPENDENT = releaseKey('shop', 'kafka');

const unseen: VisibleNamespaces = { isEverything: () => Promise.resolve(false), sees: () => Promise.resolve(false) };

async function refuse(isGuarding: boolean, doomed: string[], visible: VisibleNamespaces | null = null) {
  const cache = createMemoryReleaseCache();
  const dependencies = { zookeeper: 'zk' };
  const chart = { name: 'chart', version: '1.0.0', appVersion: '1' };
  const content = { ...NEW_RELEASE, namespace: 'shop', name: 'kafka', dependencies, chart, source: null, injected: [] };
  const revision = recordedRevision({ namespace: 'shop', name: 'kafka', releaseConfig: buildReleaseConfig(content) });
  await cache.put(toReleaseRecord(revision, { earlier: null, firstWritten: revision.updated }));
  const refuseDependents = createRefuseDependents({
    cache,
    current: cache,
    isGuarding,
    authorization: { visibleTo: () => visible },
  });
  return refuseDependents(
    doomed.map((name) => releaseKey('shop', name)),
    null,
  );
}

test('a provider does not go without its dependents', async () => {
  await expect(refuse(true, ['zk'])).rejects.toMatchObject({
    code: 'RELEASE_HAS_DEPENDENTS',
    message: expect.stringContaining(PROVIDER) as string,
    details: { dependents: [DEPENDENT] },
  });
  await expect(refuse(true, ['zk', 'kafka'])).resolves.toBeUndefined();
});

test('dependents that the caller may not list are counted', async () => {
  const refused = await refuse(true, ['zk'], unseen).then(
    () => null,
    (error: unknown) => error,
  );
  expect(refused).toMatchObject({
    message: '1 release that you may not list depends on shop/zk; force=true deletes it nevertheless',
    details: { dependents: [], hidden: 1 },
  });
});

test('as the original Walm did, nothing is guarded', async () => {
  await expect(refuse(false, ['zk'])).resolves.toBeUndefined();
});
