import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { firstCost } from '../../../test/harness/timing/processor-cost.ts';
import type { JsonObject } from '../json/json.ts';
import { maskedPaths, maskSecretValues, type SecretRules, tellNothing } from './secret-values.ts';

const schema = (properties: JsonObject, more: JsonObject = {}): SecretRules => ({
  schemas: [{ path: [], schema: { type: 'object', properties, ...more } }],
  paths: [],
});
const password: JsonObject = { type: 'string', format: 'password' };

describe('maskSecretValues', () => {
  test.each<[string, SecretRules, JsonObject, JsonObject]>([
    ['format password', schema({ pw: password }), { pw: 'x', user: 'y' }, { pw: '***', user: 'y' }],
    ['writeOnly', schema({ key: { writeOnly: true } }), { key: 7 }, { key: '***' }],
    [
      'everything below a secret object',
      schema({ auth: { writeOnly: true } }),
      { auth: { a: [1, { b: 'c' }] } },
      { auth: { a: ['***', { b: '***' }] } },
    ],
    ['null stays', schema({ pw: password }), { pw: null }, { pw: null }],
    [
      'entries of an array',
      schema({ users: { items: { properties: { pw: password } } } }),
      { users: [{ name: 'a', pw: 'b' }] },
      { users: [{ name: 'a', pw: '***' }] },
    ],
    [
      'any key, by additionalProperties',
      schema({ m: { additionalProperties: password } }),
      { m: { a: '1' } },
      { m: { a: '***' } },
    ],
    [
      'any key, by patternProperties',
      schema({ m: { patternProperties: { '^(a+)+$': password } } }),
      { m: { aaab: '1' } },
      { m: { aaab: '***' } },
    ],
    ['a branch of anyOf', schema({ pw: { anyOf: [{ type: 'null' }, password] } }), { pw: 'x' }, { pw: '***' }],
    ['a $ref', schema({ pw: { $ref: '#/$defs/a~1b' } }, { $defs: { 'a/b': password } }), { pw: 'x' }, { pw: '***' }],
    [
      'a subchart',
      { schemas: [{ path: ['db'], schema: { properties: { pw: password } } }], paths: [] },
      { pw: 'x', db: { pw: 'y' } },
      { pw: 'x', db: { pw: '***' } },
    ],
    [
      'a metainfo param',
      { schemas: [], paths: [['app', 'pw']] },
      { app: { pw: 'x', other: 1 } },
      { app: { pw: '***', other: 1 } },
    ],
    [
      'values of a subchart that all charts share',
      { schemas: [{ path: ['db'], schema: { properties: { global: { properties: { pw: password } } } } }], paths: [] },
      { global: { pw: 'x', other: 1 }, db: { other: 1 } },
      { global: { pw: '***', other: 1 }, db: { other: 1 } },
    ],
    ['nothing without rules', { schemas: [], paths: [[]] }, { pw: 'x' }, { pw: 'x' }],
  ])('%s', (_, rules, values, expected) => {
    expect(maskSecretValues(values, rules)).toEqual(expected);
  });

  test.each<[string, JsonObject, JsonObject]>([
    ['dependentSchemas', {}, { dependentSchemas: { user: { properties: { pw: password } } } }],
    ['dependencies', {}, { dependencies: { user: { properties: { pw: password } } } }],
    ['unevaluatedProperties', { user: {} }, { unevaluatedProperties: password }],
    ['a nested condition', {}, { else: { allOf: [{ if: { properties: { pw: password } } }] } }],
    ['an anchor', { pw: { $ref: '#secret' } }, { $defs: { s: { $anchor: 'secret', ...password } } }],
    ['an anchor as an id', { pw: { $ref: '#secret' } }, { definitions: { s: { $id: '#secret', ...password } } }],
    ['a dynamic anchor', { pw: { $dynamicRef: '#s' } }, { $defs: { s: { $dynamicAnchor: 's', ...password } } }],
    ['an id', { pw: { $ref: 'secret.json' } }, { $defs: { s: { $id: 'https://x.y/secret.json', ...password } } }],
    [
      'its own address',
      { pw: { $ref: 'https://x.y/v.json#/$defs/s' } },
      { $id: 'https://x.y/v.json', $defs: { s: password } },
    ],
    [
      'a pointer inside of an embedded schema',
      { pw: { $ref: 'other.json' } },
      { $defs: { o: { $id: 'other.json', $ref: '#/$defs/s', $defs: { s: password } } } },
    ],
  ])('a mark below %s counts', (_, properties, more) => {
    const rules = schema(properties, more);
    expect(maskSecretValues({ user: 'ann', pw: 'x' }, rules)).toEqual({ user: 'ann', pw: '***' });
  });

  test.each<[string, JsonObject]>([
    ['contains', { contains: password }],
    ['additionalItems', { items: [{}], additionalItems: password }],
    ['unevaluatedItems', { prefixItems: [{}], unevaluatedItems: password }],
    ['prefixItems', { prefixItems: [{}, password] }],
  ])('a mark of entries by %s counts', (_, list) => {
    expect(maskSecretValues({ list: ['a', 'b'] }, schema({ list }))['list']).toContain('***');
    expect((maskSecretValues({ list: ['a', 'b'] }, schema({ list }))['list'] as string[])[1]).toBe('***');
  });

  test('references without end, to names without number, take no time', () => {
    const many = Object.fromEntries(
      Array.from({ length: 3_000 }, (_, i) => [`s${i}`, { $id: `${i}.json`, $anchor: 'same', $ref: '#nowhere' }]),
    );
    const branches = Array.from({ length: 3_000 }, () => ({ $ref: '#same', allOf: [{ $ref: '#/nowhere' }] }));
    const rules = schema({}, { $defs: many, allOf: branches });
    expect(firstCost(() => maskSecretValues({ pw: { a: { b: 'x' } } }, rules))).toBeLessThan(5_000);
  });

  test('a $ref that goes in circles ends', () => {
    const rules = schema({ node: { $ref: '#' }, pw: password }, { allOf: [{ $ref: '#' }] });
    expect(maskSecretValues({ node: { node: { pw: 'x' } } }, rules)).toEqual({ node: { node: { pw: '***' } } });
  });

  test('masking twice is masking once, and no secret survives', () => {
    const rules = schema({ pw: password, deep: { properties: { pw: password } } });
    fc.assert(
      fc.property(fc.string({ minLength: 12 }), fc.jsonValue(), (secret, other) => {
        const values = { pw: secret, deep: { pw: { nested: secret } }, other: other as string };
        const masked = maskSecretValues(values, rules);
        expect(maskSecretValues(masked, rules)).toEqual(masked);
        expect([masked['pw'], masked['deep']]).toEqual(['***', { pw: { nested: '***' } }]);
        expect(masked['other']).toEqual(other);
      }),
    );
  });
});

test('maskedPaths names the secret leaves that say "as it was", and no other text of three stars', () => {
  const rules = schema({ pw: password, list: { items: password } });
  expect(maskedPaths({ pw: '***', list: ['new', '***'], note: '***' }, rules)).toEqual([['pw'], ['list', '1']]);
});

test('schemas without end for values without end take bounded work, and what is left is secret', () => {
  const properties = (i: number) => ({ [`k${i}`]: i === 1_499 ? password : { type: 'string' } });
  const anyOf = Array.from({ length: 1_500 }, (_, i) => ({ properties: properties(i) }));
  const values = Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`k${i}`, 'v']));
  const masked = maskSecretValues(values, { schemas: [{ path: [], schema: { anyOf } }], paths: [] });
  expect(masked['k0']).toBe('v');
  expect(masked['k2999']).toBe('***');
});

test('where nothing is secret the values come back as they are, however many, and whatever their schema says', () => {
  const values = Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`k${i}`, { inner: ['v'] }]));
  const plain = Array.from({ length: 1_500 }, (_, i) => ({ properties: { [`k${i}`]: { type: 'object' } } }));
  expect(maskSecretValues(values, { schemas: [{ path: [], schema: { anyOf: plain } }], paths: [] })).toBe(values);
  const masked = maskSecretValues(values, { schemas: [], paths: [['k7', 'inner']] });
  expect(masked['k7']).toEqual({ inner: ['***'] });
  expect(masked['k8']).toBe(values['k8']);
});

test('places without number are found by key, and what nobody names is not looked through', () => {
  const count = 20_000;
  const visited = { keys: 0 };
  const list = Array.from({ length: count }, (_, i) => ({ pw: `secret-${i}`, note: 'plain' }));
  const rest = new Proxy(
    { a: { b: 'c' } },
    {
      ownKeys(target) {
        visited.keys += 1;
        return Reflect.ownKeys(target);
      },
    },
  );
  const paths = list.map((_, i) => ['list', String(i), 'pw']);
  const masked = maskSecretValues({ list, rest }, { schemas: [], paths });
  expect(masked['list']).toEqual(list.map(() => ({ pw: '***', note: 'plain' })));
  expect(visited.keys).toBe(0);
});

test.each<[string, SecretRules]>([
  ['no schema and no path', { schemas: [], paths: [] }],
  ['a schema without secrets', schema({ user: { type: 'string' } })],
  ['the empty path', { schemas: [], paths: [[]] }],
])('rules with %s tell nothing, and hide nothing', (_what, rules) => {
  const values = { pw: 'x', user: { pw: 'y' } };
  expect(tellNothing(rules)).toBe(true);
  expect(maskSecretValues(values, rules)).toBe(values);
});

test.each<[string, SecretRules]>([
  ['a password', schema({ pw: password })],
  ['one that is deep in a definition', schema({}, { definitions: { a: { items: { writeOnly: true } } } })],
  ['a path', { schemas: [], paths: [['pw']] }],
])('rules with %s tell something', (_what, rules) => {
  expect(tellNothing(rules)).toBe(false);
});
