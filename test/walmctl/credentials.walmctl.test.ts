import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { stringify } from 'yaml';

import { createKubeClient } from '../harness/clients/kube-client.ts';
import { allowEverywhere, serviceAccountToken } from '../harness/clients/service-account.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { binaryPath } from '../harness/programs/binaries.ts';
import { type GuardedWalm, startGuardedWalm } from '../harness/trust/guarded-walm.ts';
import { openShell, type Ran, type Shell } from './shell.ts';

/** A server that asks who one is, real service accounts of the cluster, and every way to show a credential. */
const { bin, kubeconfig, auditLog, program, repository } = inject('walmctl');
const namespace = 'cli-credentials';
const kube = createKubeClient(kubeconfig);

let walm: GuardedWalm;
let shell: Shell;
let token: string;
let config: string;
/** Everything that any command printed. */
let printed = '';

beforeAll(async () => {
  await createNamespace(kube, 'walm-cli-auth');
  await createNamespace(kube, namespace);
  walm = await startGuardedWalm(
    { kube, kubeconfig, auditLog },
    {
      systemNamespace: 'walm-cli-auth',
      program,
      repositories: [{ name: 'examples', url: repository }],
      flags: [`--engine-path=${binaryPath('walm-engine')}`],
    },
  );
  const account = { namespace, name: 'person' };
  token = await serviceAccountToken(kube, account);
  await allowEverywhere(kube, account, [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]);
  shell = openShell(bin, { WALMCTL_NAMESPACE: namespace });
  config = join(shell.home, 'work', 'config');
  mkdirSync(join(shell.home, 'secret'));
  writeFileSync(join(shell.home, 'secret', 'token'), `${token}\n`, { mode: 0o600 });
  const plugin = join(shell.home, 'secret', 'plugin');
  const credential = {
    apiVersion: 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    status: { token, expirationTimestamp: '2999-01-01T00:00:00Z' },
  };
  writeFileSync(
    plugin,
    `#!/bin/sh\necho run >> "$HOME/secret/runs"\ncat <<'END'\n${JSON.stringify(credential)}\nEND\n`,
  );
  chmodSync(plugin, 0o700);
  const exec = { apiVersion: credential.apiVersion, command: plugin, interactiveMode: 'Never' };
  const users = {
    token: { token },
    'token-file': { tokenFile: join(shell.home, 'secret', 'token') },
    plugin: { exec },
    certificate: { 'client-certificate': 'a.pem', 'client-key': 'b.pem' },
    old: { 'auth-provider': { name: 'gcp' } },
  };
  writeFileSync(
    config,
    stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1' } }],
      users: Object.entries(users).map(([name, user]) => ({ name, user })),
      contexts: Object.keys(users).map((name) => ({ name, context: { cluster: 'c', user: name } })),
    }),
    { mode: 0o600 },
  );
});

afterAll(async () => {
  await walm?.stop();
  shell?.close();
  kube.close();
});

async function run(line: string, env?: Record<string, string>): Promise<Ran> {
  const ran = await shell.run(line, env);
  printed += `${ran.out}${ran.err}`;
  return ran;
}

async function context(name: string): Promise<void> {
  const line = `walmctl config set-context ${name} -s ${walm.server.url} --kubeconfig config --kubeconfig-context ${name}`;
  expect(await run(line)).toMatchObject({ code: 0 });
}

test('without a credential one is not signed in, and is told how to', async () => {
  const { code, err } = await run(`walmctl list -s ${walm.server.url}`);
  expect(code).toBe(5);
  expect(err).toContain('UNAUTHENTICATED');
  expect(err).toMatch(/WALMCTL_TOKEN|set-context/);
});

test.each(['token', 'token-file', 'plugin'])('a kubeconfig with %s signs in', async (kind) => {
  await context(kind);
  const ran = await run(`walmctl list --context ${kind} -vv`);
  expect(ran.code).toBe(0);
  expect(ran.err).toContain('no releases');
});

test('who one is and what one may do, with a credential and without', async () => {
  const who = await run('walmctl auth status --context token');
  expect(who.code).toBe(0);
  expect(who.out).toContain(`system:serviceaccount:${namespace}:person`);
  expect(await run(`walmctl auth status -s ${walm.server.url}`)).toMatchObject({ code: 5 });
  expect(await run('walmctl auth can-i install --context token')).toMatchObject({ code: 0, out: 'yes\n' });
  const stranger = await serviceAccountToken(kube, { namespace, name: 'stranger' });
  const asked = await run(`walmctl auth can-i delete -s ${walm.server.url}`, { WALMCTL_TOKEN: stranger });
  expect(asked).toMatchObject({ code: 1, out: 'no\n' });
  expect(asked.err).toContain('stranger');
  const refused = await run(`walmctl list -s ${walm.server.url}`, { WALMCTL_TOKEN: stranger });
  expect(refused.code).toBe(5);
});

test('an exec plugin runs once, until what it answered expires', async () => {
  await run('walmctl list --context plugin');
  await run('walmctl list --context plugin');
  expect(readFileSync(join(shell.home, 'secret', 'runs'), 'utf8')).toBe('run\n');
});

test('a token file and the variables sign in, and a token that is refused is said to come from there', async () => {
  const server = `-s ${walm.server.url}`;
  expect((await run(`walmctl list ${server} --token-file ../secret/token`)).code).toBe(0);
  expect((await run(`walmctl list ${server}`, { WALMCTL_TOKEN: token })).code).toBe(0);
  expect((await run(`walmctl list ${server}`, { WALMCTL_TOKEN_FILE: '../secret/token' })).code).toBe(0);
  const refused = await run(`walmctl list ${server}`, { WALMCTL_TOKEN: `${token}x` });
  expect(refused.code).toBe(5);
  expect(refused.err).toContain('WALMCTL_TOKEN');
});

test.each([
  ['certificate', /kubectl create token/],
  ['old', /auth-provider/],
])('a kubeconfig with %s is refused with what to do instead', async (kind, said) => {
  await context(kind);
  const { code, err } = await run(`walmctl list --context ${kind}`);
  expect(code).toBe(2);
  expect(err).toMatch(said);
});

test('the credential of a context does not go to a server that was typed beside it', async () => {
  const { code } = await run(`walmctl list --context token -s ${walm.server.url}`);
  expect(code).toBe(5);
});

test('completion signs in, too, and runs no plugin', async () => {
  await run('walmctl install signed examples/zookeeper --set replicas=1 --context token -q');
  const { out } = await run('walmctl __complete release sig --context token');
  expect(out).toContain('signed');
  await run('rm -rf ~/.cache; walmctl __complete release sig --context plugin');
  expect(readFileSync(join(shell.home, 'secret', 'runs'), 'utf8')).toBe('run\n');
  expect((await run('walmctl delete signed --context token -y -q --delete-pvcs')).code).toBe(0);
});

test('the token is in no output, and in no file but where it was put and what the plugin may keep', async () => {
  const [, , signature = ''] = token.split('.');
  expect(signature.length).toBeGreaterThan(40);
  expect(printed).not.toContain(signature);
  const holders = readdirSync(shell.home, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const path = join(shell.home, name);
    return statSync(path).isFile() && readFileSync(path, 'latin1').includes(signature);
  });
  const kept = holders.filter((name) => !['work/config', 'secret/token', 'secret/plugin'].includes(name));
  for (const name of kept) {
    expect(name).toMatch(/^\.cache\/walm\//);
    expect(statSync(join(shell.home, name)).mode & 0o077).toBe(0);
  }
});
