import { expect } from 'vitest';

import { eventually } from '../harness/eventually.ts';
import { type FaultWorld, halted, type Victim } from './fault-world.ts';
import { contentOf, type Place, revisionsOf, tasksOf } from './place.ts';
import { preparePlace, type Scenario } from './scenarios.ts';

/** How a scenario runs if nothing is killed. */
export interface Course {
  scenario: Scenario;
  /** Fault points in the order in which they are passed. */
  points: string[];
  before: Record<string, unknown>;
  after: Record<string, unknown>;
  /** States in which the tasks of the change end. */
  states: string[];
}

/** A kill: at the `nth` passing of a point of a scenario. */
export interface Kill {
  course: Course;
  point: string;
  nth: number;
  victim: Victim;
}

const IN_PROGRESS = /^pending-|^uninstalling$/;
/** Longest time between the answer of a change and its last step. */
const AFTERMATH_MS = 10_000;

let count = 0;

/** Runs a scenario undisturbed. */
export async function runCourse(world: FaultWorld, scenario: Scenario): Promise<Course> {
  const place = await preparePlace(world, scenario, `faults-${++count}`);
  const known = await settledTasks(place, 0);
  const before = await settledContent(place);
  world.takePassed();
  await scenario.act(place);
  await settledTasks(place, known.length, scenario.tasks ?? 1);
  const after = await settledContent(place);
  const states = await settledTasks(place, known.length);
  const points = world.takePassed();
  await leave(place);
  return { scenario, points, before, after, states };
}

/** Every kill of a course, in order: each victim at each passing of each point. */
export function killsOf(course: Course, victims: readonly Victim[]): Kill[] {
  const passings = new Map<string, number>();
  return course.points.flatMap((point) => {
    const nth = (passings.get(point) ?? 0) + 1;
    passings.set(point, nth);
    return victims.map((victim) => ({ course, point, nth, victim }));
  });
}

/** Runs a scenario, kills at the point, and checks that what was accepted is done and nothing is left half-done. */
export async function exercise(world: FaultWorld, { course, point, nth, victim }: Kill): Promise<'killed' | 'missed'> {
  const { scenario } = course;
  const place = await preparePlace(world, scenario, `faults-${++count}`);
  const known = await settledTasks(place, 0);
  await settledContent(place);
  world.arm(point, nth);
  let done = false;
  const acting = scenario
    .act(place)
    .catch(() => undefined)
    .finally(() => (done = true));
  const isHalted = await halted(world, async () => done && (await isOver(place, known.length, scenario)), AFTERMATH_MS);
  if (isHalted) {
    await world.kill(victim);
  } else {
    world.arm('', 0);
  }
  await acting;
  const states = await settledTasks(place, known.length);
  if (scenario.or !== undefined && states.includes(scenario.or)) {
    expect(states).toEqual([scenario.or]);
  } else {
    const isAccepted = states.length > 0;
    if (isAccepted) {
      // A single kill must not make a change fail.
      await eventually(async () => expect(await settledTasks(place, known.length)).toEqual(course.states));
    }
    // An archive that was stored for a change that was never accepted is collected later.
    const kept = 'archives' in course.before && { archives: expect.any(Number) as unknown };
    const expected = isAccepted ? course.after : { ...course.before, ...kept };
    await eventually(async () => expect(await contentOf(place)).toEqual(expected));
    if (isAccepted) await scenario.afterwards?.(place);
  }
  // A request that was not accepted leaves the release as it was, even if it had been left half-changed before.
  if (states.length > 0) await expectDefinite(place);
  await leave(place);
  return isHalted ? 'killed' : 'missed';
}

/** Whether every task that results from the scenario has ended, including those that Walm creates after the answer. */
async function isOver(place: Place, known: number, { tasks = 1 }: Scenario): Promise<boolean> {
  const own = await tasksOf(place);
  return own.length >= known + tasks && own.every(({ finishedAt }) => finishedAt !== undefined);
}

/** Nothing is pending, revisions follow each other, and at most one of a release is in force. */
async function expectDefinite(place: Place): Promise<void> {
  const revisions = await revisionsOf(place);
  for (const name of new Set(revisions.map(({ release }) => release))) {
    const own = revisions.filter(({ release }) => release === name);
    expect(own.filter(({ status }) => IN_PROGRESS.test(status))).toEqual([]);
    expect(own.filter(({ status }) => status === 'deployed').length).toBeLessThanOrEqual(1);
    const first = own[0]?.revision ?? 0;
    expect(own.map(({ revision }) => revision)).toEqual(own.map((_, i) => first + i));
  }
}

/** The next operation works: every release of the place is deleted. */
async function leave(place: Place): Promise<void> {
  const { world, namespace } = place;
  const revisions = await revisionsOf(place);
  for (const name of new Set(revisions.map(({ release }) => release))) {
    // It may take a moment until a killed engine is noticed: a 503 means not accepted, and the request may be repeated.
    await eventually(async () => {
      const answer = await world.api.remove(namespace, name, { force: true, ignoreNotFound: true });
      expect(answer.status, answer.text).toBe(200);
    });
  }
  expect(await revisionsOf(place)).toEqual([]);
  await world.kube.call('DELETE', `/api/v1/namespaces/${namespace}`);
}

/** States of the tasks after the first `known`, in order of arrival, once all of them are finished. */
async function settledTasks(place: Place, known: number, atLeast = 0): Promise<string[]> {
  return eventually(async () => {
    const tasks = await tasksOf(place);
    expect(tasks.filter(({ finishedAt }) => finishedAt === undefined)).toEqual([]);
    expect(tasks.length).toBeGreaterThanOrEqual(known + atLeast);
    return tasks
      .toReversed()
      .slice(known)
      .map(({ state }) => state);
  });
}

/** The content once it has stayed the same for a moment. */
async function settledContent(place: Place): Promise<Record<string, unknown>> {
  let last = await contentOf(place);
  let same = 0;
  return eventually(
    async () => {
      const content = await contentOf(place);
      same = JSON.stringify(content) === JSON.stringify(last) ? same + 1 : 0;
      last = content;
      if (same < 5) throw new Error('the content still changes');
      return content;
    },
    { everyMs: 100 },
  );
}
