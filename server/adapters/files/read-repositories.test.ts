import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readRepositories } from './read-repositories.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'walm-repositories-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('repositories come with their certificates, and without credentials in the url', async () => {
  const caFile = join(folder, 'ca.pem');
  await writeFile(caFile, 'PEM');
  const repositories = await readRepositories([
    { name: 'stable', url: 'https://me:s3cret@host/charts?x=1', caFile },
    { name: 'other', url: 'oci+http://127.0.0.1:5000', username: 'pull', insecureSkipTlsVerify: true },
  ]);
  expect(repositories).toMatchObject([
    {
      name: 'stable',
      url: 'https://host/charts?x=1',
      access: { username: 'me', password: 's3cret', caPem: 'PEM' },
    },
    { name: 'other', address: { plainHttp: true }, access: { username: 'pull', insecureSkipTlsVerify: true } },
  ]);
});

test.each([
  [[{ name: 'a', url: 'ftp://me:s3cret@host' }], 'the url of repository a must begin with'],
  [
    [
      { name: 'a', url: 'http://h' },
      { name: 'a', url: 'http://h' },
    ],
    'repository a twice',
  ],
  [[{ name: 'a', url: 'http://h', caFile: '/absent/ca.pem' }], 'caFile /absent/ca.pem of repository a cannot be read'],
])('a mistake is named: %#', async (settings, text) => {
  const message = await readRepositories(settings).then(
    () => 'accepted',
    (error: unknown) => String(error),
  );
  expect(message).toContain(text);
  expect(message).not.toContain('s3cret');
});
