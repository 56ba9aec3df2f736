import { expect, test } from 'vitest';
import { firstCost } from '../../../test/harness/timing/processor-cost.ts';
import { maskerOfSources, whereSecretsAre } from './collect-secrets.ts';
import { secretsIn } from './masker.ts';

const rules = { schemas: [{ path: [], schema: { properties: { auth: { writeOnly: true } } } }], paths: [] };
const secret = (data: Record<string, string>) => ({ object: { apiVersion: 'v1', kind: 'Secret', stringData: data } });
const of = (auth: Record<string, string | number | boolean>) =>
  maskerOfSources({ values: { auth, open: 'an open value' }, rules });

test('marked values are secret, however templates write them', () => {
  const { text, json } = of({ password: 'a-password', pin: 12_345_678, small: 1234, flag: true });
  expect(text('a-password, 12345678 or 1.2345678e+07, 1234')).toBe('***, *** or ***, ***');
  expect(text('an open value is true')).toBe('an open value is true');
  expect(json({ pin: 12_345_678, enabled: true, text: 'true' })).toEqual({ pin: '***', enabled: true, text: '***' });
});

test('what the Secrets of a chart hold is secret, also in lists, hooks and JSON', () => {
  const login = JSON.stringify({ auths: { registry: { password: 'registry-password' } } });
  const coded = { apiVersion: 'v1', kind: 'Secret', data: { a: Buffer.from('coded-password\n').toString('base64') } };
  const { text } = maskerOfSources({
    values: {},
    rules,
    objects: [secret({ login }), { object: { apiVersion: 'v1', kind: 'List', items: [coded] } }],
    hooks: [{ kind: 'Secret', manifest: 'apiVersion: v1\nkind: Secret\nstringData: {a: of-a-hook}\n' }],
  });
  expect(text('registry-password coded-password of-a-hook ConfigMap')).toBe('*** *** *** ConfigMap');
});

test('a Secret does not make ports, flags, names and words inside of texts secret', () => {
  const { text } = maskerOfSources({
    values: {},
    rules,
    names: ['kafka', 'shop'],
    objects: [secret({ port: '9092', tls: 'true', host: 'kafka', user: 'root', short: 'a1', password: 'x7!pQ' })],
  });
  expect(text('kafka:9092 is true for /root')).toBe('kafka:9092 is true for /root');
  expect(text('root')).toBe('***');
  expect(text('kafka with x7!pQ and a1')).toBe('kafka with *** and a1');
});

test('with more in hooks than can be read while others wait, every text is taken to hold a secret', () => {
  const hook = (kind: string, length: number) => ({
    kind,
    manifest: `apiVersion: v1\nkind: ${kind}\nstringData: {a: of-a-hook, b: "${'x'.repeat(length)}"}\n`,
  });
  const shown = (...hooks: ReturnType<typeof hook>[]) =>
    maskerOfSources({ values: {}, rules, hooks }).text('something');
  expect(shown(hook('Secret', 30_000))).toBe('something');
  expect(shown(hook('Job', 1_000_000))).toBe('something');
  expect(shown(hook('Secret', 40_000))).toBe('***');
  expect(shown(...Array.from({ length: 40 }, () => hook('List', 1_000)))).toBe('***');
});

test('Secrets that do not say so themselves are those of their list', () => {
  const stringData = { a: 'listed-password' };
  for (const kind of ['SecretList', 'Secret']) {
    const { text } = maskerOfSources({
      values: {},
      rules,
      objects: [{ object: { apiVersion: 'v1', kind, items: [{ metadata: {}, stringData }] } }],
    });
    expect(text('it is listed-password')).toBe('it is ***');
  }
  const manifest = 'apiVersion: v1\nkind: SecretList\nitems: [{stringData: {a: listed-password}}]\n';
  const { text } = maskerOfSources({ values: {}, rules, hooks: [{ kind: 'SecretList', manifest }] });
  expect(text('it is listed-password')).toBe('it is ***');
});

test('a hook that cannot be read may hold anything; keys that are given twice are read as Helm reads them', () => {
  const shown = (manifest: string) => maskerOfSources({ values: {}, rules, hooks: [{ kind: 'Secret', manifest }] });
  expect(shown('kind: Secret\nstringData: {a: [\n').text('something')).toBe('***');
  const twice = 'apiVersion: v1\nkind: Secret\nstringData: {a: first-password}\nstringData: {a: second-password}\n';
  expect(shown(twice).text('second-password it is')).toBe('*** it is');
});

test('hooks as long as may be read take no time, whatever is in them', () => {
  for (const part of ['a: b\n', 'a: &a [x]\nb: [*a,*a]\n', '{"k": 1}\n', '- ', '? ']) {
    const manifest = part.repeat(Math.floor(32_000 / part.length));
    expect(firstCost(() => maskerOfSources({ values: {}, rules, hooks: [{ kind: 'Secret', manifest }] }))).toBeLessThan(
      2_000,
    );
  }
});

test('of a marked text what a template cuts out by lines, blanks or JSON is secret, too', () => {
  const { text } = of({ file: 'first-part 1\nsecond-part 2\n', trimmed: 's3cret-one\n', json: '{"pw": "s3cret-two"}' });
  expect(text('second-part 2, s3cret-one and s3cret-two')).toBe('***, *** and ***');
});

test('base64 of what was escaped before is found', () => {
  const password = 'a"<&>\\password';
  const { text } = of({ password });
  for (const before of ['', 'x', 'xy']) {
    const coded = Buffer.from(JSON.stringify({ [`${before}a`]: password })).toString('base64');
    expect(text(coded)).toContain('***');
  }
});

test('secrets are found in what is left of the sources as in all of them', () => {
  const values = { pw: 'hunter2hunter2', group: { user: 'somebody-else' } };
  const secret = { object: { apiVersion: 'v1', kind: 'Secret', stringData: { key: 'another-secret' } } };
  const plain = { object: { apiVersion: 'v1', kind: 'ConfigMap', data: { pw: 'plain-text' } } };
  const list = { object: { apiVersion: 'v1', kind: 'List', items: [secret.object] } };
  for (const paths of [[], [['pw']], [['group']]]) {
    for (const objects of [[], [plain], [plain, secret], [list]]) {
      const source = { values, rules: { schemas: [], paths }, objects, names: ['web'] };
      const left = whereSecretsAre(source);
      expect(secretsIn(maskerOfSources(left))).toEqual(secretsIn(maskerOfSources(source)));
      expect(left.objects).not.toContain(plain);
      expect(left.values).toEqual(paths.length === 0 ? {} : values);
    }
  }
});
