import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMetainfo } from '../metainfo/metainfo.ts';
import { planProject, type ProjectMember, type ProjectStep, wireProject } from './project-plan.ts';

const needsZookeeper = parseMetainfo('dependencies: [{name: zookeeper}, {name: search, chartName: elastic}]');
const member = (name: string, chartName: string, rest: Partial<ProjectMember> = {}): ProjectMember => ({
  name,
  chartName,
  dependencies: {},
  metainfo: null,
  ...rest,
});

describe('wiring a project', () => {
  test('a chart gets what it depends on by name from the last release of that chart', () => {
    const members = [
      member('ka', 'kafka', { metainfo: needsZookeeper }),
      member('z1', 'zookeeper'),
      member('z2', 'zookeeper'),
      member('es', 'elastic'),
    ];
    expect(wireProject(members, 'shop')).toEqual([
      { dependencies: { zookeeper: 'z2' }, after: ['z2'] },
      { dependencies: {}, after: [] },
      { dependencies: {}, after: [] },
      { dependencies: {}, after: [] },
    ]);
  });

  test('what the request says about a key stands, in whichever form, and orders too', () => {
    const members = [
      member('k1', 'kafka', { metainfo: needsZookeeper, dependencies: { zookeeper: 'other/zk' } }),
      member('k2', 'kafka', { metainfo: needsZookeeper, dependencies: { zookeeper: '' } }),
      member('k3', 'kafka', { dependencies: { any: 'shop/zk' } }),
      member('zk', 'zookeeper'),
    ];
    expect(wireProject(members, 'shop').map(({ after }) => after)).toEqual([[], [], ['zk'], []]);
    expect(wireProject(members, 'shop')[0]?.dependencies).toEqual({ zookeeper: 'other/zk' });
  });

  test('cycles and repeated names are refused', () => {
    const a = member('a', 'x', { dependencies: { b: 'b' } });
    const b = member('b', 'x', { dependencies: { a: 'a' } });
    expect(() => wireProject([a, b], 'shop')).toThrow(
      expect.objectContaining({
        code: 'DEPENDENCY_CYCLE',
        message: expect.stringContaining('shop/a → shop/b → shop/a'),
      }),
    );
    expect(() => wireProject([a, a], 'shop')).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID' }));
  });
});

describe('the task of a project', () => {
  const step = (release: string, state: ProjectStep['state'], ...after: string[]) => ({ release, state, after });

  test('begins what has nothing before it, all at once, and the rest afterwards', () => {
    expect(planProject([step('a', null), step('b', null), step('c', null, 'a', 'b')])).toEqual({
      do: 'start',
      releases: ['a', 'b'],
    });
    expect(planProject([step('a', 'succeeded'), step('b', 'running'), step('c', null, 'a', 'b')])).toEqual({
      do: 'wait',
      releases: ['b'],
    });
    expect(planProject([step('a', 'succeeded'), step('b', 'succeeded'), step('c', null, 'a', 'b')])).toEqual({
      do: 'start',
      releases: ['c'],
    });
  });

  test('starts nothing more after a failure, and reports it when all has ended', () => {
    const steps = [step('a', 'failed'), step('b', 'running'), step('c', null)];
    expect(planProject(steps)).toEqual({ do: 'wait', releases: ['b'] });
    expect(planProject([step('a', 'failed'), step('b', 'succeeded'), step('c', null)])).toEqual({
      do: 'fail',
      release: 'a',
    });
    expect(planProject([])).toEqual({ do: 'finish' });
  });

  test('terminates from every state without cycles, and starts each release once', () => {
    const after = fc.array(fc.array(fc.nat(5), { maxLength: 3 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(after, (edges) => {
        const steps = edges.map((targets, i) => ({
          release: `r${i}`,
          state: null as ProjectStep['state'],
          after: targets.filter((target) => target < i).map((target) => `r${target}`),
        }));
        const started: string[] = [];
        for (let move = planProject(steps); move.do === 'start'; move = planProject(steps)) {
          for (const name of move.releases) {
            started.push(name);
            steps.filter(({ release }) => release === name).forEach((one) => (one.state = 'succeeded'));
          }
        }
        expect(planProject(steps)).toEqual({ do: 'finish' });
        expect(started.toSorted()).toEqual(steps.map(({ release }) => release).toSorted());
      }),
    );
  });
});
