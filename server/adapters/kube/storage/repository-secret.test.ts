import { expect, test } from 'vitest';
import type { KubeObject } from '../../../domain/kube/kube-object.ts';
import { decodeRepository, encodeRepository, REPOSITORY_SECRET_TYPE } from './repository-secret.ts';

const access = { username: 'ann', password: 'pä ss\n', bearerToken: 't', caPem: 'PEM\n', passCredentialsAll: true };

function secret(name: string, data: Record<string, unknown>): KubeObject {
  const encoded = Object.entries(data).map(([key, value]) => [
    key,
    typeof value === 'string' ? Buffer.from(value).toString('base64') : value,
  ]);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name },
    type: REPOSITORY_SECRET_TYPE,
    data: Object.fromEntries(encoded) as Record<string, string>,
  };
}

test('what is written is read again', () => {
  const written = encodeRepository({ name: 'team', url: 'https://charts.example/team', access }, 'walm-system');
  expect(written.metadata).toMatchObject({ name: 'walm-repository-team', namespace: 'walm-system' });
  expect(decodeRepository(written)).toMatchObject({
    repository: { name: 'team', url: 'https://charts.example/team', access, origin: 'runtime' },
  });
});

test('credentials in an address are moved out of it', () => {
  expect(decodeRepository(secret('walm-repository-a', { url: 'https://me:p%40ss@charts.example/x' }))).toMatchObject({
    repository: { url: 'https://charts.example/x', access: { username: 'me', password: 'p@ss' } },
  });
});

test.each<[string, KubeObject]>([
  ['another name', secret('team', { url: 'https://a.example' })],
  ['no name', secret('walm-repository-', { url: 'https://a.example' })],
  ['a word of the paths', secret('walm-repository-lint', { url: 'https://a.example' })],
  ['a name with dots', secret('walm-repository-a.b', { url: 'https://a.example' })],
  ['no url', secret('walm-repository-a', {})],
  ['no data', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'walm-repository-a' } }],
  ['values that are none', secret('walm-repository-a', { url: { deep: [1] }, password: 7 })],
  ['a file', secret('walm-repository-a', { url: 'file:///etc/passwd' })],
  ['a query', secret('walm-repository-a', { url: 'https://a.example?sig=secret' })],
  ['two lines', secret('walm-repository-a', { url: 'https://a.example\nHost: secret' })],
  ['a token of two lines', secret('walm-repository-a', { url: 'https://a.example', token: 'secret\r\nX: y' })],
  ['too much', secret('walm-repository-a', { url: 'https://a.example', password: 'secret'.repeat(60_000) })],
  ['a long url', secret('walm-repository-a', { url: `https://a.example/${'secret'.repeat(400)}` })],
])('a Secret with %s is refused, and the reason quotes nothing of it', (_, given) => {
  const decoded = decodeRepository(given);
  expect(decoded).toHaveProperty('refused');
  expect(JSON.stringify(decoded)).not.toContain('secret');
});
