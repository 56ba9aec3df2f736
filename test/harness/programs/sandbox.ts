import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { TestProject } from 'vitest/node';

import { binaryPath } from './binaries.ts';
import { freePort } from './free-port.ts';
import { runProgram } from './run-program.ts';

/** A running Kubernetes control plane, as tests get it by `inject('sandbox')`. */
export interface SandboxHandle {
  /** Path of the administrator's kubeconfig. */
  kubeconfig: string;
  /** The sandbox's state folder, for further identities; undefined if the cluster was given from outside. */
  state: string | undefined;
  /** File in which the API server logs every request; undefined if the cluster was given from outside. */
  auditLog: string | undefined;
}

declare module 'vitest' {
  export interface ProvidedContext {
    sandbox: SandboxHandle;
  }
}

/** First start: etcd, API server and controllers within this many milliseconds, on a machine that is busy. */
const START_TIMEOUT_MS = 300_000;

/**
 * Starts a sandbox for one test project and stops it at the end.
 *
 * `WALM_TEST_KUBECONFIG` names a running cluster to use instead: a sandbox that stays up between runs saves the start.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['WALM_TEST_KUBECONFIG'];
  if (given !== undefined && given !== '') {
    project.provide('sandbox', { kubeconfig: given, state: undefined, auditLog: undefined });
    return async () => {};
  }
  const { handle, stop } = await startSandbox();
  project.provide('sandbox', handle);
  return stop;
}

/** Settings of a sandbox. */
export interface StartOptions {
  /** Whether the API server writes an audit log. */
  audited?: boolean;
  /** Files of `walm-sandbox up`: another program says whose unknown tokens are, and what they may be used for. */
  webhooks?: { tokenWebhook: string; authorizationConfig: string };
}

/**
 * Starts a sandbox with its state in a temporary folder. `stop` ends it and removes the folder. What is timed is not
 * `audited`: the log holds the content of each ReleaseConfig that is applied, which the API server writes before it answers.
 */
export async function startSandbox(
  nodes = 3,
  { audited = true, webhooks }: StartOptions = {},
): Promise<{ handle: SandboxHandle; stop: () => Promise<void> }> {
  const state = await mkdtemp(join(tmpdir(), 'walm-sandbox-'));
  const sandbox = binaryPath('walm-sandbox');
  const stop = async (): Promise<void> => {
    await runProgram(sandbox, ['down', '--state', state]);
    await rm(state, { recursive: true, force: true });
  };
  const port = await freePort();
  const auditLog = audited ? join(state, 'audit.log') : undefined;
  const audit = auditLog === undefined ? [] : ['--audit-log', auditLog];
  const others =
    webhooks === undefined
      ? []
      : ['--token-webhook', webhooks.tokenWebhook, '--authorization-config', webhooks.authorizationConfig];
  const flags = ['--state', state, '--nodes', `${nodes}`, '--port', `${port}`, ...audit, ...others];
  try {
    await runProgram(sandbox, ['up', ...flags, '--detach'], { timeoutMs: START_TIMEOUT_MS });
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
  return { handle: { kubeconfig: join(state, 'kubeconfig'), state, auditLog }, stop };
}

/** Text of a kubeconfig for another identity of a sandbox: `user`, member of `groups`. */
export async function issueKubeconfig(state: string, user: string, groups: readonly string[]): Promise<string> {
  const groupFlags = groups.flatMap((group) => ['--group', group]);
  const args = ['kubeconfig', '--state', state, '--user', user, ...groupFlags];
  const { stdout } = await runProgram(binaryPath('walm-sandbox'), args);
  return stdout;
}
