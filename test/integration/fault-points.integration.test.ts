import { afterAll, beforeAll, expect, test } from 'vitest';

import { exercise, killsOf, runCourse } from '../faults/exercise.ts';
import { type FaultWorld, startFaultWorld, VICTIMS } from '../faults/fault-world.ts';
import { SCENARIOS } from '../faults/scenarios.ts';

/** A sample of what `make test-faults` does: where in a scenario, from 0 to 1, which kill is tried. */
const SAMPLE = { install: 0.5, 'install that fails': 0.8, upgrade: 0.6, delete: 0.4, pause: 0.7, 're-injection': 0.45 };

let world: FaultWorld;
beforeAll(async () => {
  world = await startFaultWorld();
});
afterAll(() => world.stop());

test.each(Object.entries(SAMPLE))('%s is killed in the middle and brought to an end', async (name, at) => {
  const scenario = SCENARIOS.find((one) => one.name === name);
  if (scenario === undefined) throw new Error(`there is no scenario ${name}`);
  const kills = killsOf(await runCourse(world, scenario), VICTIMS);
  const kill = kills[Math.floor(at * kills.length)];
  if (kill === undefined) throw new Error(`${name} passes no fault point`);
  expect(await exercise(world, kill)).toBe('killed');
});
