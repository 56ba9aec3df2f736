import { expect, test } from 'vitest';
import { maskerOfSources } from './collect-secrets.ts';

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
