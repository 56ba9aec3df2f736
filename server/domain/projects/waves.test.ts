import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wavesOf } from './waves.ts';

/** Members of which each may come after those before it: every graph without a cycle, in any order. */
const projects = fc.array(fc.array(fc.nat({ max: 30 }), { maxLength: 5 }), { maxLength: 30 }).chain((edges) => {
  const members = edges.map((to, i) => ({
    name: `r${i}`,
    after: [...new Set(to.filter((j) => j < i).map((j) => `r${j}`))],
  }));
  return fc.shuffledSubarray(members, { minLength: members.length });
});

describe('the waves of a project', () => {
  it('have every member once, in the first wave after all that it comes after', () => {
    fc.assert(
      fc.property(projects, (members) => {
        const waves = wavesOf(members);
        const waveOf = new Map(waves.flatMap((wave, at) => wave.map(({ name }) => [name, at] as const)));
        expect(waves.flat()).toHaveLength(members.length);
        for (const { name, after } of members) {
          const earliest = Math.max(-1, ...after.map((other) => waveOf.get(other) ?? Number.POSITIVE_INFINITY)) + 1;
          expect(waveOf.get(name)).toBe(earliest);
        }
      }),
    );
  });

  it('keep the order of the members', () => {
    const member = (name: string, ...after: string[]) => ({ name, after });
    const waves = wavesOf([member('c'), member('b', 'c'), member('a', 'c'), member('d')]);
    expect(waves.map((wave) => wave.map(({ name }) => name))).toEqual([
      ['c', 'd'],
      ['b', 'a'],
    ]);
  });
});
