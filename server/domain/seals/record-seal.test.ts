import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callerOf } from '../access/caller.ts';
import { openSeal, type SealFacts, type SealWords, writeSeal } from './record-seal.ts';
import type { SealSigner } from './seal-signer.ts';

function signer(keys: Record<string, string>): SealSigner {
  const kid = Object.keys(keys).toSorted().at(-1) ?? '';
  const mac = (id: string, text: string) =>
    createHmac('sha256', keys[id] ?? '')
      .update(text)
      .digest('base64url');
  return {
    kid,
    sign: (text) => mac(kid, text),
    check: (id, text, signature) =>
      !Object.hasOwn(keys, id) ? 'unknown key' : mac(id, text) === signature ? 'right' : 'wrong',
  };
}

const KEYS = signer({ k1: 'first', k2: 'second' });
const ANN = { user: 'ann', uid: 'u1', groups: ['dev'], extra: { 'example.com/scopes': ['read'] } };
const FACTS: SealFacts = {
  namespace: 'demo',
  name: 'web',
  revision: 3,
  chartDigest: 'sha256:1',
  configDigest: 'sha256:2',
  manifestDigest: 'sha256:3',
  hooksDigest: 'sha256:4',
  factsDigest: 'sha256:5',
};
const WORDS: SealWords = { namespaceUid: 'n1', by: ANN, at: '2026-01-01T00:00:00Z', operation: 'install' };
const SEAL = writeSeal(FACTS, WORDS, KEYS);

describe('the seal of a revision', () => {
  it('says in whose name it was made, when, by what, and in which namespace', () => {
    expect(openSeal(SEAL, FACTS, KEYS)).toEqual({
      state: { sealed: true, by: ANN, at: '2026-01-01T00:00:00Z', operation: 'install' },
      namespaceUid: 'n1',
    });
    expect(openSeal(writeSeal(FACTS, { ...WORDS, by: null }, KEYS), FACTS, KEYS)).toMatchObject({
      state: { by: null },
    });
  });

  it.each(['a', '"', '\\', 'ü', '€', '😀'])(
    'has room for the largest identity that there may be, made of %s',
    (character) => {
      const size = Buffer.byteLength(character);
      const group = character.repeat(Math.floor(16_000 / size));
      const groups = Array.from({ length: 4 }, () => group);
      const by = callerOf({ user: 'ann', groups: [...groups, character.repeat(Math.floor(1_500 / size))] });
      expect(by).not.toBeNull();
      const seal = writeSeal(FACTS, { ...WORDS, by }, KEYS);
      expect(openSeal(seal, FACTS, KEYS)).toMatchObject({ state: { sealed: true, by } });
      // Of all annotations of an object together.
      expect(seal.length).toBeLessThan(256 * 1024);
    },
  );

  it('is one word that YAML keeps in one line', () => {
    expect(SEAL).toMatch(/^v1\.k2\.[\w-]+\.[\w-]+$/);
  });

  it.each([
    ['namespace', { namespace: 'other' }, 'namespace'],
    ['name', { name: 'other' }, 'release'],
    ['a later revision', { revision: 4 }, 'revision'],
    ['chart', { chartDigest: 'x' }, 'chart'],
    ['values', { configDigest: 'x' }, 'values'],
    ['manifest', { manifestDigest: 'x' }, 'manifest'],
    ['hooks', { hooksDigest: 'x' }, 'hooks'],
    ['facts', { factsDigest: 'x' }, 'ReleaseConfig'],
  ])('does not count for another %s', (_what, change, named) => {
    expect(openSeal(SEAL, { ...FACTS, ...change }, KEYS)).toEqual({
      sealed: false,
      reason: `it differs from what was sealed: ${named}`,
    });
  });

  it('counts with every key that is there, and not with one that is gone', () => {
    const old = writeSeal(FACTS, WORDS, signer({ k1: 'first' }));
    expect(openSeal(old, FACTS, KEYS)).toHaveProperty('state.sealed', true);
    expect(openSeal(old, FACTS, signer({ k2: 'second' }))).toEqual({
      sealed: false,
      reason: 'its seal was made with the key "k1", which is not among the seal keys',
    });
    expect(openSeal(old, FACTS, signer({ k1: 'another key of that name' }))).toMatchObject({ sealed: false });
  });

  it('does not count with any letter changed', () => {
    fc.assert(
      fc.property(fc.nat(SEAL.length - 1), fc.constantFrom('A', 'a', '0', '_', '-', '.'), (at, letter) => {
        fc.pre(SEAL[at] !== letter);
        const opened = openSeal(SEAL.slice(0, at) + letter + SEAL.slice(at + 1), FACTS, KEYS);
        expect(opened).toMatchObject({ sealed: false });
      }),
      { numRuns: 500 },
    );
  });

  it('is never made by putting other parts together', () => {
    fc.assert(
      fc.property(fc.record({ ...anyFacts(), ...anyWords() }), (other) => {
        const [, , payload = '', signature = ''] = SEAL.split('.');
        const facts = { ...FACTS, ...other };
        const forged = [
          `v1.k1.${payload}.${signature}`,
          `v1.k2.${Buffer.from(JSON.stringify({ v: 1, kid: 'k2', ...facts })).toString('base64url')}.${signature}`,
          `v1.k2.${payload}.${signature}.`,
          `v2.k2.${payload}.${signature}`,
          ` ${SEAL}`,
        ];
        for (const one of forged) {
          expect(openSeal(one, facts, KEYS)).toMatchObject({ sealed: false });
        }
      }),
    );
  });

  it('is not read at all where it is none', () => {
    for (const text of [
      '',
      '.',
      'v1',
      'v1.k2..',
      'v1.__proto__.e30.x',
      `v1.k2.${'a'.repeat(70_000)}.x`,
      'v1.\n.e30.x',
    ]) {
      expect(openSeal(text, FACTS, KEYS)).toMatchObject({ sealed: false });
    }
  });

  it('that was signed for something else is none', () => {
    const signed = `v1.k2.${Buffer.from('{"v":1,"kid":"k2"}').toString('base64url')}`;
    expect(openSeal(`${signed}.${KEYS.sign(signed)}`, FACTS, KEYS)).toMatchObject({ sealed: false });
    const broken = `v1.k2.${Buffer.from('not json').toString('base64url')}`;
    expect(openSeal(`${broken}.${KEYS.sign(broken)}`, FACTS, KEYS)).toMatchObject({ sealed: false });
  });
});

function anyFacts() {
  return { revision: fc.nat(), namespace: fc.string(), chartDigest: fc.string() };
}

function anyWords() {
  return { namespaceUid: fc.string({ minLength: 1 }), operation: fc.string(), at: fc.string(), by: fc.constant(ANN) };
}
