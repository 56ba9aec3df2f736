import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Caller, type ClaimedIdentity, callerKey, callerOf, readCaller, samePersonKey } from './caller.ts';

const ann: Caller = { user: 'ann', groups: ['dev', 'ops'], uid: 'u-1', extra: { scopes: ['read', 'write'] } };

test('a user with groups, uid and extra, or without, is a caller', () => {
  expect(callerOf(ann)).toEqual(ann);
  expect(callerOf({ user: 'ann', groups: [] })).toEqual({ user: 'ann', groups: [], uid: '', extra: {} });
  expect(callerOf({ ...ann, extra: { scopes: [] } })?.extra).toEqual({});
});

test.each<ClaimedIdentity>([
  { user: '', groups: [] },
  { user: ' ', groups: ['dev'] },
  { user: 'system:anonymous', groups: [] },
  { user: 'ann', groups: [''] },
  { user: 'ann', groups: ['dev', ' '] },
  { user: 'ann', groups: ['system:unauthenticated'] },
  // Invalid in a header field, or would name another user.
  { user: ' ann', groups: [] },
  { user: 'ann\r\nImpersonate-Group: system:masters', groups: [] },
  { user: 'ann', groups: ['dev '] },
  { user: 'ann', groups: [], uid: '\u0000' },
  { user: 'ann', groups: [], extra: { '': ['x'] } },
  { user: 'ann', groups: [], extra: { Scopes: ['read'] } },
  { user: 'ann', groups: [], extra: { scopes: ['read\n'] } },
  // Far too long.
  { user: 'a'.repeat(100_000), groups: [] },
  { user: 'ann', groups: Array.from({ length: 2_000 }, (_, i) => `g${i}`) },
  { user: 'ann', groups: [], extra: { scopes: Array.from({ length: 2_000 }, () => 'x') } },
])('%j is nobody', (claimed) => {
  expect(callerOf(claimed)).toBeNull();
});

test('only the same identity has the same key, in any order of its fields', () => {
  expect(callerKey({ ...ann, groups: ['ops', 'dev'] })).toBe(callerKey(ann));
  const others: Partial<Caller>[] = [
    { user: 'bob' },
    { groups: ['dev'] },
    { uid: '' },
    { extra: {} },
    { extra: { scopes: ['read'] } },
    { extra: { ...ann.extra, more: ['x'] } },
  ];
  const keys = others.map((other) => callerKey({ ...ann, ...other }));
  expect(new Set([...keys, callerKey(ann)]).size).toBe(others.length + 1);
});

test('a person with a new token is the same person, unless something else limits it', () => {
  const withExtra = (extra: Caller['extra']) => samePersonKey({ ...ann, extra });
  const token = 'authentication.kubernetes.io/credential-id';
  expect(withExtra({ ...ann.extra, [token]: ['JTI=1'] })).toBe(withExtra({ ...ann.extra, [token]: ['JTI=2'] }));
  expect(withExtra({})).not.toBe(withExtra(ann.extra));
  expect(samePersonKey({ ...ann, uid: 'u-2' })).not.toBe(samePersonKey(ann));
});

test('what is written down is read back, and what is not an identity is not taken for one', () => {
  expect(readCaller(JSON.parse(JSON.stringify(ann)))).toEqual(ann);
  expect(readCaller(null)).toBeNull();
  // In the format of an earlier Walm.
  expect(readCaller({ user: 'ann', groups: [] })).toEqual({ user: 'ann', groups: [], uid: '', extra: {} });
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const read = readCaller(value as never);
      expect(read === null && value !== null).toBe(false);
      expect(read === undefined || read === null || read.user.trim() !== '').toBe(true);
    }),
  );
  for (const broken of [
    undefined,
    '',
    {},
    { user: '' },
    { user: 'ann', groups: 'dev' },
    { user: 'ann', groups: [1] },
  ]) {
    expect(readCaller(broken as never)).toBeUndefined();
  }
});
