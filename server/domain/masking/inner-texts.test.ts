import { expect, test } from 'vitest';
import { firstCost } from '../../../test/harness/timing/processor-cost.ts';
import { innerTexts, linesOfMarked } from './inner-texts.ts';

test.each([
  ['blanks around it', ' s3cret-one\n', ['s3cret-one']],
  ['JSON', '{"user": "ann", "pw": "s3cret-one", "port": 5432}', ['s3cret-one']],
  ['a list in JSON', '[{"password": "s3cret-one"}]', ['s3cret-one']],
  ['YAML', 'db:\n  host: db.example.com\n  password: "s3cret-one"\n', ['s3cret-one']],
  ['a list in YAML', 'users:\n  - token: s3cret-one\n', ['s3cret-one']],
  ['variables', 'HOST=db.example.com\nexport DB_PASSWORD=s3cret-one\n', ['s3cret-one']],
  ['an address', 'postgres://ann:s3cret-one@db/shop', ['s3cret-one']],
  ['a login of a registry', JSON.stringify({ auths: { r: { auth: btoa('ann:s3cret-one') } } }), ['s3cret-one']],
])('what is secret in %s is known by itself', (_, text, found) => {
  expect(innerTexts(text)).toEqual(expect.arrayContaining(found));
  expect(innerTexts(text)).not.toContain('db.example.com');
});

test('short pieces, and settings that say nothing of a secret, are ordinary', () => {
  expect(innerTexts('password: root')).toEqual([]);
  expect(innerTexts('replicas: 12345678\nhost: db.example.com')).toEqual([]);
  expect(innerTexts('{"a": "short"}')).toEqual([]);
});

test('of a marked text that has several lines each is known, but words and names of fields', () => {
  expect(linesOfMarked('one line\nmetadata:\n-----BEGIN KEY-----\n  s3cret1\n\ts3cret-one\n')).toEqual([
    'one line',
    's3cret-one',
  ]);
  expect(linesOfMarked('a single line')).toEqual([]);
});

test('what it takes grows with the text', () => {
  for (const text of ['a: '.repeat(20_000), `://${'a:'.repeat(30_000)}`, '=\n'.repeat(30_000), ' '.repeat(60_000)]) {
    expect(firstCost(() => innerTexts(text))).toBeLessThan(2_000);
  }
});
