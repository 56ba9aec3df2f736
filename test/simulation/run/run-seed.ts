import { refusal } from '../api-server.ts';
import { disagreements } from '../checks/agreement.ts';
import { startControllers } from '../controllers.ts';
import { runFaults } from '../world/faults.ts';
import { FORBIDDEN_VALUE, type Load, runLoad } from '../load/load.ts';
import { watchCluster } from '../checks/monitor.ts';
import { createSimulatedClient } from '../simulated-client.ts';
import { type Mutation, startSimulatedServer } from '../simulated-server.ts';
import { createSimulatedWorld } from '../world/simulated-world.ts';
import type { Trace } from '../world/trace.ts';
import { asObject } from '../../../server/domain/json/json-reading.ts';

/** Result of a run. */
export interface Run {
  /** What is wrong; empty if everything is as it must be. */
  troubles: string[];
  trace: Trace;
  /** Number of changes by kind and result. */
  counts: ReadonlyMap<string, number>;
  /** Steps of the world. */
  events: number;
}

const SERVERS = ['one', 'two', 'three'];
const NAMESPACES = ['sim-a', 'sim-b'];
/** How long faults happen, in milliseconds of the world. */
const FAULTS_MS = 60_000;
/** Silenced watches must be noticed before everything agrees. */
const AGREED_WITHIN_MS = 120_000;
const LOOK_AGAIN_MS = 2_000;
const STAYS_MS = 5_000;
/** A world that never ends is a fault, too. */
const MAX_EVENTS = 1_000_000;

/**
 * Three replicas under load and faults, then without faults until everything agrees: the same for the same seed, step
 * by step.
 */
export async function runSeed(seed: number, mutation: Mutation = {}): Promise<Run> {
  const world = createSimulatedWorld(seed, NAMESPACES);
  const { time, trace, api, sleep } = world;
  const monitor = watchCluster(world);
  startControllers(world);
  api.admission = (object) => {
    if (object.kind === 'ConfigMap' && asObject(object.data)['value'] === FORBIDDEN_VALUE) {
      throw refusal(422, 'Invalid', `ConfigMap "${object.metadata.name}" is invalid: data.value: Forbidden`);
    }
  };
  const servers = SERVERS.map((name) => startSimulatedServer(world, name, mutation, monitor.note));
  const client = createSimulatedClient(world, servers, monitor.note);
  let load: Load = { expected: [], troubles: [], counts: new Map() };
  let isDone = false;

  async function play(): Promise<string[]> {
    const until = time.now() + FAULTS_MS;
    const isOver = () => time.now() >= until || monitor.troubles.length > 0;
    const loading = runLoad(world, client, NAMESPACES, isOver);
    await runFaults(world, servers, isOver);
    load = await loading;
    const { expected } = load;
    if (load.troubles.length > 0) return load.troubles;
    const about = { world, servers, client, namespaces: NAMESPACES, expected };
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
