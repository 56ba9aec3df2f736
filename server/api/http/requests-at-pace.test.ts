import { afterEach, expect, it } from 'vitest';
import { everythingAllowed } from '../../../test/harness/fakes/everything-allowed.ts';
import { createFakeApi, type FakeApi } from '../../../test/harness/fakes/fake-api.ts';
import { person } from '../../../test/harness/fakes/person.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { problem } from '../../domain/errors/problem-error.ts';

const CROWD = 120;
/** The pace of a server, and one more: a request allowed before the turn may end in it. */
const MAX_IN_ONE_TURN = 16;

let api: FakeApi;
afterEach(() => api.close());

/** The maximum number of concurrent requests, out of many, that reach a point in one turn of the event loop. */
async function mostInOneTurn(url: string, identify: (happens: () => void) => Promise<Caller>): Promise<number> {
  const turns = new Map<number, number>();
  let turn = 0;
  let over = false;
  const happens = (): void => void turns.set(turn, (turns.get(turn) ?? 0) + 1);
  const count = (): void => {
    turn += 1;
    if (!over) setImmediate(count);
  };
  const access = {
    identify: () => identify(happens),
    authorization: everythingAllowed,
    systemNamespace: 'walm-system',
    findTask: async () => null,
  };
  api = await createFakeApi({ access });
  api.app.addHook('onSend', async () => happens());
  count();
  await Promise.all(Array.from({ length: CROWD }, () => api.app.inject({ url })));
  over = true;
  return Math.max(...turns.values());
}

const nobody = (): Error => problem('UNAUTHENTICATED', 'the cluster does not accept the token of the request');

it('requests with unknown tokens are refused a few at a time', async () => {
  expect(await mostInOneTurn('/api/v1/release', () => Promise.reject(nobody()))).toBeLessThan(MAX_IN_ONE_TURN);
});

it('requests that waited for the same answer are refused a few at a time', async () => {
  const answer = Promise.withResolvers<never>();
  let asked = 0;
  const identify = (): Promise<never> => {
    asked += 1;
    if (asked === CROWD) answer.reject(nobody());
    return answer.promise;
  };
  expect(await mostInOneTurn('/api/v1/release', identify)).toBeLessThan(MAX_IN_ONE_TURN);
});

it('requests for what is not there are answered a few at a time', async () => {
  expect(await mostInOneTurn('/api/v1/nosuch', async () => person('ann'))).toBeLessThan(MAX_IN_ONE_TURN);
});
