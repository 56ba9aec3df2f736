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
import { type Emphasis, KINDS } from './emphasis.ts';
import type { Trace } from '../world/trace.ts';
import { asObject } from '../../../server/domain/json/json-reading.ts';

/** The result of a run. */
export interface Run {
  /** Violated rules and differences; empty for a good run. */
  problems: string[];
  trace: Trace;
  /** Number of changes by operation and result. */
  counts: ReadonlyMap<string, number>;
  /** Simulated events. */
  events: number;
}

const SERVERS = ['one', 'two', 'three'];
const NAMESPACES = ['sim-a', 'sim-b'];
/** How long faults are injected, in simulated milliseconds. */
const FAULTS_MS = 60_000;
/** All parts agree within this time after the last fault: silent watches have to be noticed first. */
const AGREED_WITHIN_MS = 120_000;
const RECHECK_MS = 2_000;
const STAYS_MS = 5_000;
/** A run that never ends is a failure. */
const MAX_EVENTS = 1_000_000;

/** Runs three replicas under load and faults, then without faults until everything agrees. A seed repeats every step. */
export async function runSeed(seed: number, emphasis: Emphasis = KINDS.usual): Promise<Run> {
  const namespaces = emphasis.load?.map((_, at) => `sim-${at + 1}`) ?? NAMESPACES;
  const world = createSimulatedWorld(seed, namespaces);
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
  let load: Load = { expected: [], projects: [], problems: [], counts: new Map() };
  let isDone = false;

  async function play(): Promise<string[]> {
    const until = time.now() + FAULTS_MS;
    const isOver = () => time.now() >= until || monitor.problems.length > 0;
    const loading = runLoad(world, { servers, client }, { namespaces, parts: emphasis.load }, isOver);
    await runFaults(world, servers, emphasis, isOver);
    load = await loading;
    if (load.problems.length > 0) return load.problems;
    const about = { world, servers, client, namespaces, load, applied: monitor.applied };
    const deadline = time.now() + AGREED_WITHIN_MS;
    let lines = await disagreements(about);
    while (lines.length > 0 && time.now() < deadline) {
      await sleep(RECHECK_MS);
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
  await time.runUntil(() => isDone || time.events() > MAX_EVENTS || monitor.problems.length > 0);
  const problems = monitor.problems.length > 0 ? monitor.problems : wrong;
  problems.forEach((line) => trace.note(`WRONG ${line}`));
  return { problems, trace, counts: load.counts, events: time.events() };
}
