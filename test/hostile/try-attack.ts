import { setTimeout as pause } from 'node:timers/promises';

import { eventually } from '../harness/eventually.ts';
import { againWhenSlow } from '../harness/timing/again-when-slow.ts';
import { machineSlowness } from '../harness/timing/machine-slowness.ts';
import type { Attack, HostileStage } from './attack.ts';
import type { HostileWorld } from './hostile-world.ts';
import { broken, figuresOf, type Figure, isFigure, isTimeAlone, leftovers, type Window } from './judge.ts';
import { watchMemory } from './process-memory.ts';
import { lookForResidue, type Residue } from './residue.ts';

/** Durations of the phases, in milliseconds. */
export interface Durations {
  /** The quiet time before an attack, for comparison. */
  quietMs: number;
  /** The minimum time for which an attack is repeated. */
  attackMs: number;
}

/** The result of an attack. */
export interface Outcome {
  rounds: number;
  /** The longest block of the event loop, in milliseconds. */
  maxDelayMs: number;
  figures: Figure[];
  /** Promises that were broken; empty if the attack did no harm. */
  harm: string[];
}

/** What is left is measured repeatedly until it is small: tasks, caches and workers take a moment to go. */
const SETTLED_WITHIN_MS = 60_000;
const READY_WITHIN_MS = 60_000;
const MAX_ROUND_SEC = 300;

/**
 * Attacks a busy server, measures how others experience meanwhile, and measures what is left. If only durations are wrong,
 * the attack is repeated: a real effect occurs each time, a busy machine does not.
 */
export async function tryAttack(world: HostileWorld, attack: Attack, durations: Durations): Promise<Outcome> {
  return againWhenSlow(
    () => tryOnce(world, attack, durations),
    ({ harm, figures }) => harm.length > 0 && isTimeAlone(figures) && harm.every(isFigure),
  );
}

async function tryOnce(world: HostileWorld, attack: Attack, durations: Durations): Promise<Outcome> {
  const { server } = world;
  const engines = server.children();
  const before = await look(world);
  const slowness = await machineSlowness();
  const quiet = await measured(world, () => pause(durations.quietMs));
  const harm: string[] = quiet.window.experience.problems.map((problem) => `before the attack ${problem}`);

  let rounds = 0;
  const attacked = await measured(world, async () => {
    rounds = await repeat(world, attack, durations.attackMs, harm);
  });
  harm.push(...attacked.window.experience.problems.slice(0, 5).map((problem) => `a bystander's ${problem}`));
  const figures = figuresOf(quiet.window, attacked.window, slowness);
  const maxDelayMs = attacked.window.loop.max;
  harm.push(...broken(figures));
  harm.push(...(await restarts(world, engines)));
  if (harm.some((line) => line.includes('has ended'))) return { rounds, maxDelayMs, figures, harm };

  const left = await settled(world, before, attack);
  figures.push(...left);
  harm.push(...broken(left));
  return { rounds, maxDelayMs, figures, harm };
}

/** Repeats the attack until its time is over; returns how many times. Errors that it throws are harm. */
async function repeat(world: HostileWorld, attack: Attack, attackMs: number, harm: string[]): Promise<number> {
  const over = AbortSignal.timeout(attackMs);
  let round = 0;
  do {
    round += 1;
    const stage: HostileStage = {
      ...world.stage,
      round,
      over,
      fresh: (beginning) => `${beginning}-${round}-${Math.random().toString(36).slice(2, 8)}`,
    };
    try {
      await Promise.race([attack.run(stage), hanging(attack)]);
    } catch (error) {
      harm.push(error instanceof Error ? `${error.message}${reasonOf(error)}` : String(error));
      break;
    }
  } while (!over.aborted && attack.once !== true);
  // An attack that ends at once may still have effects.
  if (!over.aborted) await new Promise((resolve) => over.addEventListener('abort', resolve, { once: true }));
  return round;
}

async function hanging({ name }: Attack): Promise<never> {
  await pause(MAX_ROUND_SEC * 1000, undefined, { ref: false });
  throw new Error(`one round of an attack that ${name} takes longer than ${MAX_ROUND_SEC} s`);
}

async function measured(world: HostileWorld, work: () => Promise<unknown>): Promise<{ window: Window }> {
  await world.observe();
  // Afterwards: the garbage collections of a measurement block everything, and belong to no window.
  await world.bystander.restart();
  const memory = watchMemory(world.server.pid);
  await work();
  const [experience, peak] = await Promise.all([world.bystander.take(), memory.stop()]);
  const { loop } = await world.observe().catch(() => ({ loop: { p99: Number.NaN, max: Number.NaN } }));
  return { window: { experience, loop, memory: peak } };
}

/** Why a request got no answer: the error alone says `fetch failed`. */
function reasonOf({ cause }: Error): string {
  return cause instanceof Error ? ` (${cause.message})` : '';
}

/** Processes of server and engine that were restarted. */
async function restarts({ server, stage }: HostileWorld, engines: readonly number[]): Promise<string[]> {
  try {
    process.kill(server.pid, 0);
  } catch {
    return [`the server has ended: ${server.log().slice(-500)}`];
  }
  const now = server.children();
  return [
    ...(engines.every((pid) => now.includes(pid))
      ? []
      : [`the engine was restarted: ${engines.join()} → ${now.join()}`]),
    ...(await unreadiness(stage)),
  ];
}

/** On a busy machine a lease or a watch may be late for a moment: only a lasting state counts. */
async function unreadiness({ victim }: HostileWorld['stage']): Promise<string[]> {
  const ready = async (): Promise<void> => {
    const { status, text } = await victim.api.send('GET', '/readiness');
    if (status !== 200) throw new Error(`readiness answers ${status} ${text.slice(0, 300)}`);
  };
  return eventually(ready, { withinMs: READY_WITHIN_MS, everyMs: 250 }).then(
    () => [],
    (error: unknown) => [String(error)],
  );
}

async function look(world: HostileWorld): Promise<Residue> {
  const { heapMi } = await world.observe();
  return lookForResidue(world.stage.admin, world.attacked, heapMi);
}

/** What is left once nothing more disappears by itself. */
async function settled(world: HostileWorld, before: Residue, { leaves }: Attack): Promise<Figure[]> {
  let figures: Figure[] = [];
  await eventually(
    async () => {
      figures = leftovers(before, await look(world), leaves);
      if (broken(figures).length > 0) throw new Error('there is still too much');
    },
    { withinMs: SETTLED_WITHIN_MS, everyMs: 1_000 },
  ).catch(() => undefined);
  return figures;
}
