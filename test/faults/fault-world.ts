import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startChartRepository } from '../harness/charts/chart-repository.ts';
import { eventually } from '../harness/eventually.ts';
import { createHelmCli, type HelmCli } from '../harness/programs/helm-cli.ts';
import { createKubeClient, type KubeClient } from '../harness/clients/kube-client.ts';
import { startSandbox } from '../harness/programs/sandbox.ts';
import { createWalmApi, type WalmApi } from '../harness/clients/walm-api.ts';
import { startWalmServer, type WalmServer } from '../harness/programs/walm-server.ts';
import { everything, small } from './fault-charts.ts';
import { FILES, GO_ON } from './halting-fault-points.ts';

/** The processes that are killed. */
export const VICTIMS = ['server', 'engine', 'both'] as const;
export type Victim = (typeof VICTIMS)[number];

/** A control plane with one server that can be halted at any fault point and killed there. */
export interface FaultWorld {
  kubeconfig: string;
  kube: KubeClient;
  helm: HelmCli;
  readonly api: WalmApi;
  readonly server: WalmServer;
  /** Halts the server at the `nth` passing of `point` from now on. */
  arm(point: string, nth: number): void;
  hasHalted(): boolean;
  /** Kills the victim of a halted server, and restarts everything. */
  kill(victim: Victim): Promise<void>;
  /** Lets a halted server continue; its engine stays frozen. */
  letGo(): void;
  /** Points passed since the last call. */
  takePassed(): string[];
  stop(): Promise<void>;
}

const FLAGS = ['--rollout-deadline-sec=1', '--shutdown-sec=5'];

/** `flags` are added to those of the server. */
export async function startFaultWorld(flags: readonly string[] = []): Promise<FaultWorld> {
  const { handle, stop: stopSandbox } = await startSandbox();
  const { kubeconfig } = handle;
  const faults = mkdtempSync(join(tmpdir(), 'walm-faults-'));
  const file = (name: keyof typeof FILES): string => join(faults, FILES[name]);
  const disarm = (): void => {
    writeFileSync(file('armed'), '');
    rmSync(file('halted'), { force: true });
  };
  disarm();
  writeFileSync(file('passed'), '');
  const kube = createKubeClient(kubeconfig);
  const helm = createHelmCli(kubeconfig);
  const repository = await startChartRepository();
  [everything, small].forEach((chart) => repository.add(chart));
  const options = {
    kubeconfig,
    flags: [...FLAGS, ...flags],
    faults,
    repositories: [{ name: 'stable', url: repository.url }],
    // A busy machine may be slow.
    readyWithinMs: 120_000,
  };
  let server = await startWalmServer(options);
  let api = createWalmApi(server.url);

  return {
    kubeconfig,
    kube,
    helm,
    get api() {
      return api;
    },
    get server() {
      return server;
    },
    arm(point, nth) {
      rmSync(file('halted'), { force: true });
      writeFileSync(file('armed'), `${point}\n${nth}`);
    },
    hasHalted: () => existsSync(file('halted')),
    async kill(victim) {
      const engines = server.children();
      disarm();
      if (victim !== 'server') {
        engines.forEach((pid) => signal(pid, 'SIGKILL'));
      }
      if (victim === 'engine') {
        process.kill(server.pid, GO_ON);
        return;
      }
      await server.kill();
      // A frozen engine resumes without a server: for a moment it could continue.
      engines.forEach((pid) => signal(pid, 'SIGCONT'));
      server = await startWalmServer({ ...options, after: server });
      api = createWalmApi(server.url);
    },
    letGo() {
      disarm();
      process.kill(server.pid, GO_ON);
    },
    takePassed() {
      const lines = readFileSync(file('passed'), 'utf8').trim().split('\n');
      writeFileSync(file('passed'), '');
      return lines.filter((line) => line !== '');
    },
    async stop() {
      await server.stop();
      await repository.close();
      kube.close();
      helm.close();
      await stopSandbox();
      rmSync(faults, { recursive: true, force: true });
    },
  };
}

/** Waits until the server has halted; returns false if the scenario has ended without that. */
export async function halted(world: FaultWorld, isDone: () => Promise<boolean>, patienceMs: number): Promise<boolean> {
  let doneAt: number | undefined;
  return eventually(
    async () => {
      if (world.hasHalted()) return true;
      doneAt ??= (await isDone()) ? performance.now() : undefined;
      if (doneAt !== undefined && performance.now() - doneAt > patienceMs) return false;
      throw new Error('neither halted nor done');
    },
    { everyMs: 20 },
  );
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended by itself.
  }
}
