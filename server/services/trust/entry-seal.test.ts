import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEntrySeal } from './entry-seal.ts';

const seal = createEntrySeal(Buffer.from('one key'));
const text = '{"name":"web","version":3}';

describe('the seal of an entry', () => {
  it('leaves a JSON object that says the same, and a signature', () => {
    expect(JSON.parse(seal.seal('demo/web', text))).toEqual({
      name: 'web',
      version: 3,
      signature: expect.any(String) as unknown,
    });
    expect(seal.open('demo/web', seal.seal('demo/web', text))).toBe(text);
  });

  it('is not that of another field, or of another key', () => {
    expect(seal.open('demo/other', seal.seal('demo/web', text))).toBeNull();
    expect(createEntrySeal(Buffer.from('another')).open('demo/web', seal.seal('demo/web', text))).toBeNull();
  });

  it('breaks with every change, and opens nothing that was never sealed', () => {
    const sealed = seal.seal('demo/web', text);
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, letter) => {
        const changed = sealed.slice(0, at) + letter + sealed.slice(at + 1);
        expect(seal.open('demo/web', changed)).toBe(changed === sealed ? text : null);
      }),
    );
    fc.assert(fc.property(fc.string(), (garbage) => seal.open('demo/web', garbage) === null));
  });
});
