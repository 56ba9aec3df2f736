import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareKeys, keyText, type ListKey, pageOf, timeKey } from './keyset-page.ts';

type Item = { namespace: string; name: string; chart: string };

const keyOf = ({ chart, namespace, name }: Item): ListKey => [keyText(chart), namespace, name];
const idOf = ({ namespace, name }: Item) => `${namespace}/${name}`;

const word = fc.string({ minLength: 1, maxLength: 3, unit: fc.constantFrom('a', 'b', '-', 'é', '\u{1F600}') });
const items = fc.uniqueArray(fc.record({ namespace: word, name: word, chart: word }), {
  selector: idOf,
  maxLength: 30,
});
const order = fc.constantFrom('chart', '-chart');

describe('pages', () => {
  it('have everything that was there all the time once, whatever comes and goes between them', () => {
    fc.assert(
      fc.property(
        items,
        items,
        order,
        fc.integer({ min: 1, max: 5 }),
        fc.infiniteStream(fc.nat()),
        (all, others, by, limit, choices) => {
          const staying = new Set(all.filter((_, at) => at % 2 === 0).map(idOf));
          const guests = [
            ...all.filter((one) => !staying.has(idOf(one))),
            ...others.filter((one) => !staying.has(idOf(one))),
          ];
          const seen: Item[] = [];
          let token: string | undefined;
          do {
            // Each guest is there or not, as chance decides for each page.
            const unique = new Map(guests.map((one) => [idOf(one), one]));
            const present = [
              ...all.filter((one) => staying.has(idOf(one))),
              ...[...unique.values()].filter(() => (choices.next().value ?? 0) % 2 === 0),
            ];
            const page = pageOf(present, keyOf, {
              order: by,
              filters: {},
              limit,
              ...(token !== undefined && { continue: token }),
            });
            expect(page.items.length).toBeLessThanOrEqual(limit);
            seen.push(...page.items);
            token = page.continue;
          } while (token !== undefined);
          expect(
            seen
              .filter((one) => staying.has(idOf(one)))
              .map(idOf)
              .toSorted(),
          ).toEqual([...staying].toSorted());
          const compare = compareKeys(by);
          expect(seen.every((one, at) => at === 0 || compare(keyOf(seen[at - 1] ?? one), keyOf(one)) < 0)).toBe(true);
        },
      ),
    );
  });

  it('are in a total order', () => {
    const key = fc.tuple(word, word, word);
    fc.assert(
      fc.property(key, key, key, order, (a, b, c, by) => {
        const compare = compareKeys(by);
        expect(Math.sign(compare(a, b))).toBe(-Math.sign(compare(b, a)) + 0);
        expect(compare(a, b) === 0).toBe(a.join('\n') === b.join('\n'));
        expect(compare(a, b) < 0 && compare(b, c) < 0 && compare(a, c) >= 0).toBe(false);
      }),
    );
  });
});

describe('a token', () => {
  const some: Item[] = ['a', 'b', 'c'].map((name) => ({ namespace: 'demo', name, chart: 'web' }));
  const first = pageOf(some, keyOf, { order: 'chart', filters: { q: 'x', ready: undefined }, limit: 1 });
  const go = (token: string, given: { order?: string; filters?: Record<string, string> } = {}) =>
    pageOf(some, keyOf, { order: 'chart', filters: { q: 'x' }, ...given, continue: token }).items.map(
      ({ name }) => name,
    );

  it('goes on with the same filters and order only', () => {
    const token = first.continue ?? '';
    expect(go(token)).toEqual(['b', 'c']);
    const others: Parameters<typeof go>[1][] = [
      { order: '-chart' },
      { filters: {} },
      { filters: { q: 'y' } },
      { filters: { q: 'x', chart: 'w' } },
    ];
    for (const other of others) {
      expect(() => go(token, other)).toThrow('belongs to a list with other filters or another order');
    }
  });

  const forged = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  it.each([
    ['nothing', ''],
    ['a name', 'demo/a'],
    ['four megabytes', 'A'.repeat(4_000_000)],
    ['no list', forged({ 0: '1' })],
    ['numbers', forged(['1', 'chart', 7, 'web', 'demo', 'a'])],
    ['too little', forged(['1', 'chart', 'x'])],
    ['too much', forged(['1', ...Array.from({ length: 100 }, () => 'x')])],
    ['another format', forged(['2', 'chart', 'x', 'web', 'demo', 'a'])],
    ['deep nesting', Buffer.from('['.repeat(3_000)).toString('base64url').slice(0, 4_000)],
  ])('that is %s is refused', (_name, token) => {
    expect(() => go(token)).toThrow('is not a value that a list returned');
  });

  it('stays short, whatever stands in its key', () => {
    const long = '\u0000'.repeat(100_000);
    const two = ['a', 'b'].map((name) => ({ namespace: 'n'.repeat(63), name: name.repeat(63), chart: long }));
    const { continue: token = '' } = pageOf(two, keyOf, { order: 'chart', filters: {}, limit: 1 });
    expect(token.length).toBeLessThan(4_096);
    expect(pageOf(two, keyOf, { order: 'chart', filters: {}, continue: token }).items).toEqual(two.slice(1));
  });
});

it('times are ordered whatever their zone and precision', () => {
  const times = ['', '2026-03-01T00:00:00Z', '2026-03-01T01:00:00.5+01:00', '2026-03-01T00:00:01Z', 'nonsense'];
  expect(times.toSorted((a, b) => (timeKey(a) < timeKey(b) ? -1 : 1)).filter((time) => timeKey(time) !== '')).toEqual(
    times.slice(1, 4),
  );
});
