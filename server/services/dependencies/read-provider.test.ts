import { beforeEach, expect, test } from 'vitest';
import { person } from '../../../test/harness/fakes/person.ts';
import { recordedRevision, releaseConfig } from '../../../test/harness/fakes/recorded-revision.ts';
import { createMemoryHelm, type MemoryHelm } from '../../adapters/memory/helm-releases.ts';
import { createMemoryLiveObjects } from '../../adapters/memory/live-objects.ts';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { automationOf } from '../../domain/automation/automation.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import { toReleaseRecord } from '../../domain/release/release-record.ts';
import type { SealState } from '../../domain/seals/seal-state.ts';
import type { HelmRelease } from '../../ports/helm/helm-release.ts';
import { createReadProvider } from './read-provider.ts';

const ann = person('ann');
const sealed: SealState = { sealed: true, by: ann, at: '2026-01-01T00:00:00Z', operation: 'install' };
const edited: SealState = { sealed: false, reason: 'it was edited' };
const rules = { mode: 'on', asksWhoCalls: true, serviceAccount: '', identityMaxAgeMs: 0 } as const;

let helm: MemoryHelm;
/** Which Secret was read, and as which user. */
let asked: [namespace: string, name: string, as: string | undefined][];
/** The user who may read Secrets now. */
let allowed: Caller | null;
/** What the maker of the provider was asked for, and whether the cluster said no. */
let demanded: string[];
let isForbidden: boolean;

beforeEach(() => {
  demanded = [];
  isForbidden = false;
  helm = createMemoryHelm(createManualClock());
  asked = [];
  allowed = ann;
});

/** Reads the outputs of the release `demo/web`; `live` is the seal according to its record in the cache. */
function read(outputs: Record<string, string>, seal: SealState, live = seal, changes: Partial<HelmRelease> = {}) {
  const revision = recordedRevision({ releaseConfig: releaseConfig({ outputs }), seal, ...changes });
  helm.record(revision);
  const record = { ...toReleaseRecord(revision, { earlier: null, firstWritten: '' }), seal: live };
  return createReadProvider({
    findDeployed: () => Promise.resolve(record),
    engine: helm,
    live: createMemoryLiveObjects(),
    secrets: {
      async read(namespace, name, as) {
        asked.push([namespace, name, as?.user]);
        if (as !== null && as.user === allowed?.user) return { password: 'hunter2' };
        throw problem('FORBIDDEN', `user "${as?.user}" cannot get secrets`);
      },
    },
    digestKey: { read: () => Promise.resolve(new Uint8Array(32)) },
    readerOf: (one) => Promise.resolve(automationOf(one, rules, 0)),
    authorization: {
      async demand(as, questions) {
        const words = questions.map(({ verb, resource, namespace: at, name }) => `${verb} ${resource} ${at}/${name}`);
        demanded.push(...words.map((one) => `${as?.user} ${one}`));
        if (isForbidden) throw problem('FORBIDDEN', `user "${as?.user}" cannot ${words.join()}`);
      },
    },
  })('demo/web');
}

const SECRET = { password: 'secret:db.password' };

test('a Secret is read as who made the provider what it is', async () => {
  const provider = await read(SECRET, sealed);
  expect(provider).toMatchObject({ outputs: { password: 'hunter2' }, shown: { password: '***' } });
  expect(asked).toEqual([['demo', 'db', 'ann']]);
});

test('a lost right is reported, and nothing is read as another caller', async () => {
  allowed = person('walm');
  await expect(read(SECRET, sealed)).rejects.toMatchObject({
    code: 'FORBIDDEN',
    message:
      'the outputs of release demo/web are read in the name of the caller who made it: user "ann" cannot get secrets; ' +
      'let a caller with that right upgrade or adopt demo/web',
  });
  expect(asked).toEqual([['demo', 'db', 'ann']]);
});

test.each([
  ['when it is looked at', edited, edited],
  ['when the record is read', edited, sealed],
])('of a provider that is not sealed %s nothing secret is read', async (_, seal, live) => {
  await expect(read(SECRET, seal, live)).rejects.toMatchObject({ code: 'RELEASE_NOT_SEALED' });
  expect(asked).toEqual([]);
});

test('plain outputs are published, sealed or not: every reader of the release may see them', async () => {
  const given = { config: { round: 'one' }, computedValues: { round: 'one' } };
  const provider = await read({ round: 'values:round' }, edited, edited, given);
  expect(provider?.outputs).toEqual({ round: 'one' });
});

const FROM_OBJECTS = { it: 'configmap:$release-cm.k', host: 'service:db.host', round: 'values:round' };

test('the maker of a provider is asked for each object that outputs name, whatever they are', async () => {
  await read(FROM_OBJECTS, sealed);
  expect(demanded).toEqual(['ann get configmaps demo/web-cm', 'ann get services demo/db']);
  demanded = [];
  await read(SECRET, sealed);
  await read({ round: 'values:round' }, sealed);
  expect(demanded).toEqual([]);
});

test('who may not get the objects that outputs name publishes nothing', async () => {
  isForbidden = true;
  await expect(read(FROM_OBJECTS, sealed)).rejects.toMatchObject({
    code: 'FORBIDDEN',
    message: expect.stringMatching(
      /^the outputs of release demo\/web are read in the name of the caller who made it: user "ann" cannot get configmaps/,
    ) as string,
  });
});
