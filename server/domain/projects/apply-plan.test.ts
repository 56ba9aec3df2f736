import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TaskState } from '../tasks/task.ts';
import { type NamedMember, planApplication, type PlanStep, reasonsToChange, type UnnamedMember } from './apply-plan.ts';
import { planAppliedProject } from './project-run.ts';

const MAX_MEMBERS = 40;

/** A project of up to 40 releases: some are changed, some are as they should be, and some are not named. */
const projects = fc
  .array(
    fc.record({
      revision: fc.nat(3),
      changes: fc.boolean(),
      named: fc.boolean(),
      /** Positions of earlier members. */
      providers: fc.uniqueArray(fc.nat(MAX_MEMBERS), { maxLength: 4 }),
    }),
    { minLength: 1, maxLength: MAX_MEMBERS },
  )
  .map((members) => {
    const nameOf = (at: number) => `r${at}`;
    const edges = members.map(({ providers }, at) => providers.filter((provider) => provider < at));
    const isNamed = (at: number) => members[at]?.named === true;
    const named = members.flatMap(({ revision, changes }, at): NamedMember[] => {
      const after = (edges[at] ?? []).filter(isNamed).map(nameOf);
      const reasons = revision === 0 ? (['NOT_THERE'] as const) : changes ? (['VALUES_CHANGED'] as const) : [];
      return isNamed(at) ? [{ name: nameOf(at), revision, after, reasons }] : [];
    });
    const unnamed = members.flatMap(({ revision }, at): UnnamedMember[] => {
      const dependents = edges.flatMap((own, other) => (own.includes(at) ? [nameOf(other)] : []));
      return isNamed(at) ? [] : [{ name: nameOf(at), revision, dependents }];
    });
    return { named, unnamed };
  });

/** Everything that comes before a step, directly or not. */
function before(steps: readonly PlanStep[], name: string): Set<string> {
  const after = new Map(steps.map((step) => [step.name, step.after]));
  const found = new Set<string>();
  const open = [...(after.get(name) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (!found.has(next)) {
      found.add(next);
      open.push(...(after.get(next) ?? []));
    }
  }
  return found;
}

/** The providers of a release, directly or not. */
function providersOf(named: readonly NamedMember[], name: string): Set<string> {
  const found = new Set<string>();
  const open = [name];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const provider of named.find((one) => one.name === next)?.after ?? []) {
      if (!found.has(provider)) {
        found.add(provider);
        open.push(provider);
      }
    }
  }
  return found;
}

describe('the plan of a project', () => {
  test('changes a release after all that it depends on, however far away, and everything before the removals', () => {
    fc.assert(
      fc.property(projects, fc.boolean(), ({ named, unnamed }, remove) => {
        const steps = planApplication(named, unnamed, { remove });
        const changed = steps.filter(({ action }) => action === 'install' || action === 'upgrade');
        for (const step of changed) {
          const earlier = before(steps, step.name);
          const providers = providersOf(named, step.name);
          changed.forEach(({ name, wave }) => {
            expect(earlier.has(name), `${name} before ${step.name}`).toBe(providers.has(name));
            expect(!providers.has(name) || wave < step.wave).toBe(true);
          });
        }
        for (const step of steps.filter(({ action }) => action === 'remove')) {
          const earlier = before(steps, step.name);
          expect(changed.every(({ name }) => earlier.has(name))).toBe(true);
          const dependents = unnamed.find(({ name }) => name === step.name)?.dependents ?? [];
          const removed = dependents.filter((name) =>
            steps.some((one) => one.name === name && one.action === 'remove'),
          );
          expect(removed.every((name) => earlier.has(name))).toBe(true);
        }
      }),
    );
  });

  test('removes releases that depend on each other in a circle, too', () => {
    const unnamed = [
      { name: 'a', revision: 1, dependents: ['b'] },
      { name: 'b', revision: 1, dependents: ['a'] },
    ];
    const named = [{ name: 'c', revision: 0, after: [], reasons: ['NOT_THERE' as const] }];
    expect(planApplication(named, unnamed, { remove: true })).toMatchObject([
      { name: 'c', wave: 1 },
      { name: 'a', after: ['c'], wave: 2 },
      { name: 'b', after: ['c'], wave: 2 },
    ]);
  });

  test('names every release once, and does nothing with one that is as it should be or that is to stay', () => {
    fc.assert(
      fc.property(projects, fc.boolean(), ({ named, unnamed }, remove) => {
        const steps = planApplication(named, unnamed, { remove });
        expect(steps.map(({ name }) => name)).toEqual([...named, ...unnamed].map(({ name }) => name));
        for (const { name, action, wave, after } of steps) {
          const own = named.find((one) => one.name === name);
          const idle = own === undefined ? !remove : own.reasons.length === 0;
          expect(action === 'none').toBe(idle);
          expect(wave === 0).toBe(idle);
          expect(!idle || after.length === 0).toBe(true);
        }
      }),
    );
  });
});

/** How the task of a step ends, if it is started. */
const ends = fc.array(fc.constantFrom<TaskState>('succeeded', 'succeeded', 'succeeded', 'failed', 'cancelled'), {
  minLength: MAX_MEMBERS,
  maxLength: MAX_MEMBERS,
});

describe('the task of an applied project', () => {
  test('ends from every state: it finishes, or fails with the others done, undone or not begun', () => {
    fc.assert(
      fc.property(
        projects,
        ends,
        ends,
        fc.constantFrom('stop', 'rollback'),
        ({ named, unnamed }, how, undone, onFailure) => {
          const plan = planApplication(named, unnamed, { remove: true }).filter(({ action }) => action !== 'none');
          const states = new Map<string, TaskState>();
          const undos = new Map<string, TaskState>();
          const order: string[] = [];
          const look = () =>
            plan.map(({ name, action, after }) => ({
              release: name,
              after,
              state: states.get(name) ?? null,
              undo: undos.get(name) ?? null,
              undoable: action !== 'remove' && states.get(name) === 'succeeded',
              removal: action === 'remove',
            }));
          let move = planAppliedProject(look(), onFailure);
          for (let turns = 0; move.do === 'start' || move.do === 'undo'; turns += 1) {
            expect(turns).toBeLessThanOrEqual(2 * plan.length);
            const [doing, done, results] = move.do === 'start' ? [states, states, how] : [undos, undos, undone];
            for (const release of move.releases) {
              expect(done.has(release)).toBe(false);
              doing.set(release, results[plan.findIndex(({ name }) => name === release)] ?? 'succeeded');
              order.push(`${move.do} ${release}`);
            }
            move = planAppliedProject(look(), onFailure);
          }
          const failed = [...states.values()].some((state) => state !== 'succeeded');
          expect(move.do).toBe(failed ? 'fail' : 'finish');
          expect(states.size === plan.length || failed).toBe(true);
          // Providers are undone after everything that was undone and needs them.
          for (const { name, after } of plan) {
            const at = order.indexOf(`undo ${name}`);
            const providers = after.map((provider) => order.indexOf(`undo ${provider}`)).filter((place) => place >= 0);
            expect(at < 0 || providers.every((place) => place > at)).toBe(true);
          }
        },
      ),
    );
  });

  const step = { after: [], undo: null, undoable: false, removal: false } as const;

  test('waits for what runs before anything is undone, and for what is being undone', () => {
    const steps = [
      { ...step, release: 'db', state: 'succeeded', undoable: true },
      { ...step, release: 'web', state: 'failed' },
      { ...step, release: 'slow', state: 'running' },
    ] as const;
    expect(planAppliedProject(steps, 'rollback')).toEqual({ do: 'wait', releases: ['slow'] });
    const ended = steps.map((one) => ({ ...one, state: one.release === 'slow' ? ('succeeded' as const) : one.state }));
    expect(planAppliedProject(ended, 'rollback')).toEqual({ do: 'undo', releases: ['db'] });
    const undoing = ended.map((one) => ({ ...one, undo: one.release === 'db' ? ('running' as const) : null }));
    expect(planAppliedProject(undoing, 'rollback')).toEqual({ do: 'wait', releases: ['db'] });
  });

  test('leaves everything as it is when a removal fails', () => {
    const steps = [
      { ...step, release: 'db', state: 'succeeded', undoable: true },
      { ...step, release: 'old', state: 'failed', after: ['db'], removal: true },
    ] as const;
    expect(planAppliedProject(steps, 'rollback')).toEqual({ do: 'fail', release: 'old' });
  });
});

describe('the reasons to change a release', () => {
  const content = {
    configValues: { a: 1 },
    commonValues: {},
    dependencies: { db: 'db' },
    releaseLabels: {},
    removedLabels: [],
    plugins: [],
    outputs: {},
    onFailure: '',
    strategy: null,
    project: 'mall',
  };
  const same = {
    recorded: content,
    wanted: content,
    chart: { from: 'a', to: 'a' },
    automatic: {},
    failed: false,
    outside: false,
  };

  test('are none for one that is as it is wanted', () => {
    expect(reasonsToChange(same)).toEqual([]);
  });

  test.each([
    ['CHART_CHANGED', { chart: { from: 'a', to: 'b' } }],
    ['VALUES_CHANGED', { wanted: { ...content, configValues: { a: 2 } } }],
    ['COMMON_VALUES_CHANGED', { wanted: { ...content, commonValues: { zone: 'a' } } }],
    ['LABELS_CHANGED', { wanted: { ...content, removedLabels: ['x'] } }],
    ['DEPENDENCIES_CHANGED', { wanted: { ...content, dependencies: {} } }],
    ['AUTOMATIC_DEPENDENCY', { wanted: { ...content, dependencies: { db: 'new' } }, automatic: { db: 'new' } }],
    ['SETTINGS_CHANGED', { wanted: { ...content, onFailure: 'hold' } }],
    ['ADOPTED', { recorded: { ...content, project: '', releaseLabels: {} } }],
    ['FAILED_BEFORE', { failed: true }],
    ['OUTSIDE_CHANGE', { outside: true }],
  ])('%s', (reason, given) => {
    expect(reasonsToChange({ ...same, ...given })).toEqual([reason]);
  });
});
