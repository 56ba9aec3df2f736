import { expect, it } from 'vitest';
import { readKeyRing } from './key-ring.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');

it('reads every key', () => {
  expect([...readKeyRing({ a: KEY, b: `${KEY}\n` }, 'there')]).toEqual([
    ['a', new Uint8Array(32).fill(7)],
    ['b', new Uint8Array(32).fill(7)],
  ]);
});

it.each([
  [{}, 'there is no key in it'],
  [{ 'a.b': KEY }, 'the id of a key'],
  [{ ['x'.repeat(65)]: KEY }, 'the id of a key'],
  [{ a: Buffer.alloc(31).toString('base64') }, 'the key a is not base64 of at least 32 bytes'],
  [{ a: 'canary-key!' }, 'the key a is not base64'],
  [{ a: 5 }, 'the key a is not base64'],
])('refuses %j and shows nothing of it', (entries, why) => {
  const read = () => readKeyRing(entries, 'Secret s/k');
  expect(read).toThrow(`the seal keys in Secret s/k cannot be used: ${why}`);
  expect(read).not.toThrow('canary-key');
});
