import { describe, expect, test } from 'vitest';
import { operations } from '../../../contract/operations/operations.ts';
import { describeAccess, rightsOf } from '../../../contract/schemas/access.ts';
import { createMemoryAccessReviews } from '../../adapters/memory/access-reviews.ts';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { callerOf } from '../../domain/access/caller.ts';
import { createAuthorization } from './authorization.ts';
import { createGetAccess } from './get-access.ts';

const ann = callerOf({ user: 'ann', groups: [] });
/** How many different rights the operations need; one in Walm's own namespace is another one. */
const RIGHTS = new Set(
  Object.values(operations).flatMap(({ access }) =>
    rightsOf(access).map((right) => JSON.stringify([right, describeAccess(access).includes("in Walm's namespace")])),
  ),
).size;
const EVERYWHERE = Array.from({ length: 10_000 }, (_, index) => `ns-${String(index).padStart(5, '0')}`);

/** A server with these namespaces, and how often the cluster was asked. */
function serverWith(names: readonly string[], rights: readonly string[] | null) {
  const clock = createManualClock();
  const memory = createMemoryAccessReviews([{ user: 'ann', groups: [], token: 'of-ann', rights: rights ?? [] }]);
  const asked = { reviews: 0, lists: 0 };
  const reviews: typeof memory = {
    ...memory,
    allows: (caller, question) => {
      asked.reviews += 1;
      return rights === null ? Promise.resolve(true) : memory.allows(caller, question);
    },
  };
  const getAccess = createGetAccess({
    operations,
    authorization: createAuthorization({ reviews, clock }),
    namespaces: {
      names: () => {
        asked.lists += 1;
        return Promise.resolve(names);
      },
    },
    systemNamespace: 'walm-system',
    clock,
  });
  return { getAccess, asked };
}

describe('what a caller may do', () => {
  test('is everything where nobody is known, and nothing is asked', async () => {
    const { getAccess, asked } = serverWith(['demo', 'shop', 'walm-system'], []);
    const { everything, operations: judged, namespaces } = await getAccess({ limit: 100 }, null);
    expect(everything).toBe(true);
    expect(judged.map(({ operation }) => operation)).toEqual(Object.keys(operations));
    expect(judged.every(({ allowed }) => allowed)).toBe(true);
    expect(namespaces).toEqual([
      { name: 'demo', list: true, install: true },
      { name: 'shop', list: true, install: true },
    ]);
    expect(asked).toEqual({ reviews: 0, lists: 1 });
  });

  test('is judged by the table of the operations, with the right that is missing', async () => {
    const { getAccess } = serverWith(['demo'], []);
    const { everything, operations: judged, namespaces } = await getAccess({ namespace: 'demo', limit: 100 }, ann);
    expect([everything, namespaces]).toEqual([false, []]);
    const of = (id: string) => judged.find(({ operation }) => operation === id);
    const releases = { group: 'apiextensions.transwarp.io', resource: 'releaseconfigs', namespace: 'demo' };
    expect(of('pauseRelease')).toEqual({
      operation: 'pauseRelease',
      allowed: false,
      missing: { verb: 'update', ...releases },
      reason: 'user "ann" cannot update releaseconfigs.apiextensions.transwarp.io in the namespace "demo"',
    });
    expect(of('cancelTask')).toMatchObject({ allowed: false, missing: { verb: 'update' } });
    expect(of('listProjects')).toMatchObject({ allowed: true });
    // With a namespace it asks for the right to list there.
    expect(of('streamEvents')).toMatchObject({ allowed: false, missing: { verb: 'list' } });
    expect(of('getSession')).toEqual({ operation: 'getSession', allowed: true });
    for (const { allowed, missing, reason } of judged) {
      expect([missing === undefined, reason === undefined]).toEqual([allowed, allowed]);
    }
  });

  test('of what is asked the second time the cluster is not asked again', async () => {
    const { getAccess, asked } = serverWith(['demo'], null);
    await getAccess({ limit: 100 }, ann);
    const { reviews } = asked;
    await getAccess({ limit: 100 }, ann);
    expect(asked).toEqual({ reviews, lists: 1 });
  });
});

describe('of ten thousand namespaces', () => {
  test('an answer judges no more than it may, and the next one goes on', async () => {
    const { getAccess, asked } = serverWith(EVERYWHERE, []);
    const first = await getAccess({ limit: 500 }, ann);
    expect([first.namespaces, first.continue]).toEqual([[], 'ns-00499']);
    // Two questions for each namespace, and one for each right that operations need.
    expect(asked.reviews).toBeLessThanOrEqual(1_000 + RIGHTS);
    const next = await getAccess({ limit: 500, continue: first.continue }, ann);
    expect(next.continue).toBe('ns-00999');
  });

  test('a caller with rights on all is not asked about for each', async () => {
    const { getAccess, asked } = serverWith(EVERYWHERE, null);
    const { namespaces } = await getAccess({ limit: 500 }, ann);
    expect(namespaces).toHaveLength(500);
    expect(asked.reviews).toBeLessThanOrEqual(RIGHTS + 1);
  });

  test('the last page says that nothing follows', async () => {
    const { getAccess } = serverWith(EVERYWHERE, null);
    const { namespaces, ...rest } = await getAccess({ limit: 500, continue: 'ns-09998' }, ann);
    expect(namespaces.map(({ name }) => name)).toEqual(['ns-09999']);
    expect(rest.continue).toBeUndefined();
  });
});
