import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../domain/kube/kube-object.ts';
import { readCredentialSecret } from './credential-secret.ts';

function secretOf(kind: string, data: Record<string, string>): KubeObject {
  const encoded = Object.entries(data).map(([key, value]): [string, string] => [
    key,
    Buffer.from(value).toString('base64'),
  ]);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'creds', namespace: 'shop', labels: { 'walm.io/credential': kind } },
    data: Object.fromEntries(encoded),
  };
}

const read = (kind: string, data: Record<string, string>) => readCredentialSecret(secretOf(kind, data));

describe('a Secret with the credential label', () => {
  test('holds the credentials of a repository', () => {
    const [found] = read('repository', {
      url: 'https://host/charts\n',
      username: 'me',
      password: 'pw',
      'ca.crt': 'PEM',
    });
    expect(found).toMatchObject({
      address: { prefix: 'https://host/charts' },
      access: { username: 'me', password: 'pw', caPem: 'PEM' },
    });
    expect(read('repository', { url: 'https://host', token: 't' })[0]?.access).toEqual({ bearerToken: 't' });
  });

  test('holds the credentials of a registry, by host or url', () => {
    expect(read('registry', { host: 'Host:5000', username: 'me' })[0]?.address.prefix).toBe('oci://host:5000');
    expect(read('registry', { host: 'host', plainHttp: 'true' })[0]?.address).toMatchObject({ plainHttp: true });
    expect(read('registry', { url: 'oci://host/team', insecureSkipTlsVerify: 'true' })[0]).toMatchObject({
      address: { prefix: 'oci://host/team', plainHttp: false },
      access: { insecureSkipTlsVerify: true },
    });
  });

  test('may be a pull secret', () => {
    const auths = {
      'https://index.docker.io/v1/': { auth: Buffer.from('me:a:b').toString('base64') },
      'host:5000': { username: 'you', password: 'pw' },
    };
    expect(read('registry', { '.dockerconfigjson': JSON.stringify({ auths }) })).toMatchObject([
      { address: { prefix: 'oci://index.docker.io' }, access: { username: 'me', password: 'a:b' } },
      { address: { prefix: 'oci://host:5000' }, access: { username: 'you', password: 'pw' } },
    ]);
  });

  test.each([
    ['repository', {}],
    ['repository', { url: 'oci://host' }],
    ['repository', { url: 'host' }],
    ['registry', { username: 'me' }],
    ['registry', { url: 'https://host' }],
    ['registry', { '.dockerconfigjson': '{"auths": s3cret' }],
  ])('that is broken is named, and never quoted: %s %o', (kind, data) => {
    const attempt = () => read(kind, { ...data, password: 's3cret' });
    expect(attempt).toThrow(expect.objectContaining({ code: 'CREDENTIAL_INVALID' }));
    expect(attempt).toThrow(/^Secret shop\/creds (?!.*s3cret)/);
  });
});
