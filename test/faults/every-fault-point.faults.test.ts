import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { FAULT_POINTS } from './fault-points.ts';
import { exercise, killsOf, runCourse } from './exercise.ts';
import { VICTIMS } from './fault-world.ts';
import { type FaultWorlds, startFaultWorlds } from './fault-worlds.ts';
import { SCENARIOS } from './scenarios.ts';

/** `FAULTS="upgrade,pause"` exercises only these scenarios, `FAULTS_EVERY=7` only every seventh kill. */
const wanted = process.env['FAULTS']?.split(',');
const every = Number(process.env['FAULTS_EVERY'] ?? 1);
/** `FAULTS_WORLDS=1` makes one kill after the other. */
const side = Number(process.env['FAULTS_WORLDS'] ?? 5);
const scenarios = SCENARIOS.filter(({ name }) => wanted?.includes(name) ?? true);
const isWhole = wanted === undefined && every === 1;

const passed = new Set<string>();
const killed = new Set<string>();
let tried = 0;
let worlds: FaultWorlds;

beforeAll(async () => {
  worlds = await startFaultWorlds(side);
});
afterAll(() => worlds.stop());

describe.concurrent('killed at every point, and brought to an end', () => {
  test.each(scenarios)('$name', async (scenario) => {
    const course = await worlds.use((world) => runCourse(world, scenario));
    course.points.forEach((point) => passed.add(point));
    const kills = killsOf(course, VICTIMS).filter((_, i) => i % every === 0);
    const failures: string[] = [];
    let missed = 0;
    await Promise.all(
      kills.map(async (kill) => {
        const about = `${scenario.name}: ${kill.victim} killed at "${kill.point}" (${kill.nth})`;
        try {
          const outcome = await worlds.use((world) => exercise(world, kill));
          if (outcome === 'killed') killed.add(`${kill.victim} at "${kill.point}"`);
          else missed += 1;
          console.log(`${++tried}. ${about}: ${outcome}`);
        } catch (error) {
          failures.push(`${about}\n${String(error)}`);
          console.log(`${++tried}. ${about}: FAILED ${String(error)}`);
        }
      }),
    );
    expect(failures.join('\n')).toBe('');
    // Parallel steps are not passed in the same order each time.
    expect(missed).toBeLessThan(kills.length / 4);
  });
});

test.skipIf(wanted !== undefined)('every point of the table is passed by a scenario', () => {
  expect(FAULT_POINTS.filter((point) => !passed.has(point))).toEqual([]);
});

test.skipIf(!isWhole)('every victim has been killed at every point of the table', () => {
  const all = FAULT_POINTS.flatMap((point) => VICTIMS.map((victim) => `${victim} at "${point}"`));
  expect(all.filter((kill) => !killed.has(kill))).toEqual([]);
});
