import { afterAll, beforeAll, expect, test } from 'vitest';

import { FAULT_POINTS } from '../../server/ports/fault-points.ts';
import { type Course, exercise, killsOf, runCourse } from './exercise.ts';
import { type FaultWorld, startFaultWorld, VICTIMS } from './fault-world.ts';
import { SCENARIOS } from './scenarios.ts';

/** `FAULTS="upgrade,pause"` exercises only these scenarios, `FAULTS_EVERY=7` only every seventh kill. */
const wanted = process.env['FAULTS']?.split(',');
const every = Number(process.env['FAULTS_EVERY'] ?? 1);
const scenarios = SCENARIOS.filter(({ name }) => wanted?.includes(name) ?? true);
const courses: Course[] = [];
let world: FaultWorld;

beforeAll(async () => {
  world = await startFaultWorld();
});
afterAll(() => world.stop());

test.each(scenarios)('$name: killed at every point, and brought to an end', async (scenario) => {
  const course = await runCourse(world, scenario);
  courses.push(course);
  const failures: string[] = [];
  const kills = killsOf(course, VICTIMS).filter((_, i) => i % every === 0);
  let missed = 0;
  for (const kill of kills) {
    const about = `${scenario.name}: ${kill.victim} killed at "${kill.point}" (${kill.nth})`;
    const startedAt = performance.now();
    try {
      missed += (await exercise(world, kill)) === 'missed' ? 1 : 0;
      console.log(`${about}: ${Math.round(performance.now() - startedAt)} ms`);
    } catch (error) {
      failures.push(`${about}\n${String(error)}`);
      console.log(`${about}: FAILED ${String(error)}`);
      world.arm('', 0);
    }
  }
  expect(failures.join('\n')).toBe('');
  // What runs side by side is not passed in the same order each time.
  expect(missed).toBeLessThan(kills.length / 4);
});

test.skipIf(wanted !== undefined)('every point of the table is passed by a scenario', () => {
  const passed = new Set(courses.flatMap(({ points }) => points));
  expect(FAULT_POINTS.filter((point) => !passed.has(point))).toEqual([]);
});
