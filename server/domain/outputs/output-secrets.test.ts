import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../json/json.ts';
import {
  findOutputSecrets,
  maskOutputs,
  type OutputSecret,
  readOutputSecrets,
  revealOutputs,
  secretNamesOf,
} from './output-secrets.ts';

const rules = {
  schemas: [],
  paths: [
    ['auth', 'password'],
    ['auth', 'pin'],
    ['auth', 'short'],
  ],
};
const computedValues = { auth: { user: 'ann', password: 'hunter2!', pin: 4711, short: 'ab' } };
const generated = 'xK3-generated-9';
const secrets = [{ name: 'db', data: { password: btoa('hunter2!'), token: btoa(generated), user: btoa('ann') } }];
const truth = {
  values: computedValues,
  secret: (name: string, key: string) => (name === 'db' ? { token: generated, user: 'ann' }[key] : undefined),
};

const find = (outputConfig: JsonObject) => findOutputSecrets({ outputConfig, computedValues, secrets }, rules);
const byPath = (found: OutputSecret[]) => Object.fromEntries(found.map(({ path, parts }) => [path.join('.'), parts]));

describe('a leaf of the outputs of a chart', () => {
  test('that is a secret is found, wherever it comes from', () => {
    const found = find({
      DB: { password: 'hunter2!', pin: 4711, list: [generated], short: 'ab', host: 'db', on: true },
    });
    expect(byPath(found)).toEqual({
      'DB.password': [{ values: ['auth', 'password'] }],
      'DB.pin': [{ values: ['auth', 'pin'] }],
      'DB.list.0': [{ secret: { name: 'db', key: 'token' } }],
      'DB.short': [{ values: ['auth', 'short'] }],
    });
    expect(secretNamesOf(found)).toEqual(['db']);
  });

  test('that contains one is taken apart, in base64 as well; short words are left alone', () => {
    const found = find({
      url: 'pg://ann:hunter2!@db/x',
      basic: `Basic ${btoa(generated)}`,
      word: 'cabin',
      user: 'anna',
    });
    expect(byPath(found)).toEqual({
      url: [{ text: 'pg://ann:' }, { values: ['auth', 'password'] }, { text: '@db/x' }],
      basic: [{ text: 'Basic ' }, { secret: { name: 'db', key: 'token' }, base64: true }],
    });
  });
});

test('what is hidden is `***` and comes back as it was, of its own type', () => {
  const outputs = { url: `a hunter2! b ${generated}`, DB: { pin: 4711, list: ['x', 'hunter2!'] }, host: 'db' };
  const found = readOutputSecrets(JSON.parse(JSON.stringify(find(outputs))));
  const masked = maskOutputs(outputs, found);
  expect(masked).toEqual({ url: '***', DB: { pin: '***', list: ['x', '***'] }, host: 'db' });
  expect(revealOutputs(masked, found, truth)).toEqual(outputs);
  const rotated = { ...truth, values: { auth: { ...computedValues.auth, password: 'other' } } };
  expect(revealOutputs(masked, found, rotated)).toMatchObject({ DB: { list: ['x', 'other'] } });
  expect(revealOutputs(masked, found, { ...truth, secret: () => undefined })).toEqual({
    DB: { pin: 4711, list: ['x', 'hunter2!'] },
    host: 'db',
  });
});

test('whatever is published, no secret value is left in it, and all of it comes back', () => {
  const text = fc
    .array(fc.constantFrom('hunter2!', generated, btoa('hunter2!'), 'ann', '@', '***', 'ab'))
    .map((all) => all.join(''));
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.oneof(text, fc.array(text), fc.integer())), (outputs) => {
      const found = find(outputs);
      const masked = maskOutputs(outputs, found);
      expect(JSON.stringify(Object.values(masked))).not.toMatch(/hunter2!|xK3-generated-9|aHVudGVyMiE=/);
      expect(revealOutputs(masked, found, truth)).toEqual(outputs);
    }),
  );
});

test('foreign records yield nothing', () => {
  for (const recorded of [
    undefined,
    null,
    'x',
    [7],
    [{ path: ['a'] }],
    [{ path: 'a', parts: [{ text: 'x' }] }],
    [{ path: ['a'], parts: [{}] }],
  ]) {
    expect(readOutputSecrets(recorded)).toEqual([]);
  }
});

test('more secrets and outputs than can be searched through are refused, few of one with many of the other are not', () => {
  const data = (count: number) => Object.fromEntries(times(count, (i) => [`k${i}`, btoa(`secret-number-${i}`)]));
  const outputs = (count: number) => Object.fromEntries(times(count, (i) => [`o${i}`, `text ${i}`]));
  const search = (secretCount: number, outputConfig: JsonObject) =>
    findOutputSecrets({ outputConfig, computedValues, secrets: [{ name: 'all', data: data(secretCount) }] }, rules);
  const tooMuch = expect.objectContaining({ code: 'BODY_TOO_COMPLEX' });
  expect(() => search(6_000, outputs(2_000))).toThrow(tooMuch);
  expect(() => search(6_000, { long: 'text '.repeat(100_000) })).toThrow(tooMuch);
  expect(search(6_000, outputs(10))).toEqual([]);
  expect(search(10, { ...outputs(4_000), last: 'at secret-number-7' })).toHaveLength(1);
});

function times<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i));
}
