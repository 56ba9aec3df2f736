import { refusal } from '../api-server.ts';
import { disagreements } from '../checks/agreement.ts';
import { startControllers } from '../controllers.ts';
import { runFaults } from '../world/faults.ts';
import type { Load } from '../load/changes.ts';
import { FORBIDDEN_VALUE } from '../simulated-charts.ts';
import { runLoad } from '../load/load.ts';
import { watchCluster } from '../checks/monitor.ts';
import { createSimulatedClient } from '../simulated-client.ts';
import { startSimulatedServer } from '../simulated-server.ts';
import { createSimulatedWorld } from '../world/simulated-world.ts';
import type { Trace } from '../world/trace.ts';
import { asObject } from '../../../server/domain/json/json-reading.ts';

/** What a run came to. */
export interface Run {
  /** What is wrong; empty for a run in which everything is as it must be. */
  troubles: string[];
  trace: Trace;
  /** Changes by what they were and how they ended. */
  counts: ReadonlyMap<string, number>;
  /** Steps of the world. */
  events: number;
}

const SERVERS = ['one', 'two', 'three'];
const NAMESPACES = ['sim-a', 'sim-b'] as const;
/** How long faults happen, in milliseconds of the world. */
const FAULTS_MS = 60_000;
/** Watches that were silenced have to be missed before everything agrees. */
const AGREED_WITHIN_MS = 120_000;
const LOOK_AGAIN_MS = 2_000;
const STAYS_MS = 5_000;
/** A world that goes on for ever is a fault, too. */
const MAX_EVENTS = 1_000_000;

/** Three replicas under load and faults, then in peace until everything agrees: the same for the same seed, step by step. */
export async function runSeed(seed: number): Promise<Run> {
  const world = createSimulatedWorld(seed, NAMESPACES);
  const { time, trace, api, sleep } = world;
  const monitor = watchCluster(world);
  startControllers(world);
  api.admission = (object) => {
    if (object.kind === 'ConfigMap' && asObject(object.data)['value'] === FORBIDDEN_VALUE) {
      throw refusal(422, 'Invalid', `ConfigMap "${object.metadata.name}" is invalid: data.value: Forbidden`);
    }
  };
  const servers = SERVERS.map((name) => startSimulatedServer(world, name, monitor.note));
  const client = createSimulatedClient(world, servers, { onDefect: monitor.note, onCancelled: monitor.noteCancelled });
  let load: Load = { expected: [], projects: [], troubles: [], counts: new Map() };
  let isDone = false;

  async function play(): Promise<string[]> {
    const until = time.now() + FAULTS_MS;
    const isOver = () => time.now() >= until || monitor.troubles.length > 0;
    const loading = runLoad(world, { servers, client }, NAMESPACES, isOver);
    await runFaults(world, servers, isOver);
    load = await loading;
    if (load.troubles.length > 0) return load.troubles;
    const about = { world, servers, client, namespaces: NAMESPACES, load, applied: monitor.applied };
    const deadline = time.now() + AGREED_WITHIN_MS;
    let lines = await disagreements(about);
    while (lines.length > 0 && time.now() < deadline) {
      await sleep(LOOK_AGAIN_MS);
      lines = await disagreements(about);
    }
    if (lines.length > 0) return lines;
    await sleep(STAYS_MS);
    return (await disagreements(about)).map((line) => `everything agreed, and then: ${line}`);
  }

  let wrong: string[] = ['the world came to an end'];
  void play()
    .catch((error: unknown) => [error instanceof Error ? (error.stack ?? error.message) : String(error)])
    .then((lines) => {
      wrong = lines;
      isDone = true;
    });
  await time.runUntil(() => isDone || time.events() > MAX_EVENTS || monitor.troubles.length > 0);
  const troubles = monitor.troubles.length > 0 ? monitor.troubles : wrong;
  troubles.forEach((line) => trace.note(`WRONG ${line}`));
  return { troubles, trace, counts: load.counts, events: time.events() };
}
