import { expect, it } from 'vitest';
import { picture } from '../../../test/harness/clients/kube-objects.ts';
import { recordedRevision, releaseConfig } from '../../../test/harness/fakes/recorded-revision.ts';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { toReleaseRecord } from '../../domain/release/release-record.ts';
import type { Provider } from './read-provider.ts';
import { createRememberProviders } from './remember-providers.ts';

function recordOf(outputs: Record<string, string>) {
  const revision = recordedRevision({
    namespace: 'demo',
    name: 'db',
    objects: [],
    releaseConfig: releaseConfig({ outputConfig: outputs }),
  });
  return toReleaseRecord(revision, { earlier: null, firstWritten: revision.updated });
}

it('reads a revision once in a minute, and another one at once', async () => {
  const clock = createManualClock();
  let record = recordOf({ address: 'db' });
  let reads = 0;
  const read = createRememberProviders({
    clock,
    live: picture(),
    findDeployed: async () => record,
    readProvider: async () => {
      reads += 1;
      const provider: Provider = {
        record,
        outputs: { password: 'x' },
        shown: {},
        digest: 'd',
        digests: { password: `${reads}` },
      };
      return provider;
    },
  });
  expect(await read('demo/db')).toEqual({ digests: { password: '1' } });
  expect(await read('demo/db')).toEqual({ digests: { password: '1' } });
  await clock.advance(60_000);
  expect(await read('demo/db')).toEqual({ digests: { password: '2' } });
  record = recordOf({ address: 'db' });
  expect(await read('demo/db')).toEqual({ digests: { password: '3' } });
});

it('asks again after a read that failed', async () => {
  const record = recordOf({ address: 'db' });
  let reads = 0;
  const read = createRememberProviders({
    clock: createManualClock(),
    live: picture(),
    findDeployed: async () => record,
    readProvider: async () => {
      reads += 1;
      if (reads === 1) throw new Error('the engine is restarting');
      return { record, outputs: {}, shown: {}, digest: 'd', digests: {} };
    },
  });
  await expect(read('demo/db')).rejects.toThrow('the engine is restarting');
  expect(await read('demo/db')).toEqual({ digests: {} });
});

it('knows nothing of a release that was never deployed', async () => {
  const read = createRememberProviders({
    clock: createManualClock(),
    live: picture(),
    findDeployed: async () => null,
    readProvider: () => Promise.reject(new Error('is not read')),
  });
  expect(await read('demo/db')).toBeNull();
});
