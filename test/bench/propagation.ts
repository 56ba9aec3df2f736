/**
 * Measures how fast dependents follow what they depend on, and prints a table;
 * `--dependents=1000 --changes=40 --levels=10 --rounds=3`. `--check` makes it fail when a promise is missed. Takes
 * about five minutes at full scale.
 */
import { parseArgs } from 'node:util';

import {
  type Delays,
  type ManyFigures,
  measureChain,
  measureDiamond,
  measureIdle,
  measureMany,
  measureWork,
} from './measure-propagation.ts';
import { createPropagationWorld } from './propagation-world.ts';
import { median, p95, type Sample } from './sample.ts';

const { values } = parseArgs({
  options: {
    dependents: { type: 'string', default: '1000' },
    changes: { type: 'string', default: '40' },
    levels: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '3' },
    check: { type: 'boolean', default: false },
  },
});
const [dependents, changes] = [Number(values.dependents), Number(values.changes)];
const [levels, rounds] = [Number(values.levels), Number(values.rounds)];

/**
 * Promises, in milliseconds. The last one is Walm's own: requests of callers must not wait behind dependents that
 * follow.
 */
const PROMISED = { idleP95: 300, firstOfMany: 2_000, level: 1_000, userP95: 2_000 };
const WORK_ROUNDS = 5;
const missed: string[] = [];

const world = await createPropagationWorld();
try {
  await measureWork(world, 'warm-up', WORK_ROUNDS);
  printIdle(await measureIdle(world, changes));
  console.log('\n| | measured | promised |\n| --- | --: | --: |');
  const chain = await measureChain(world, levels, rounds);
  row(`chain of ${levels}: a level, median / most`, pair(median(chain), Math.max(...chain)), {
    promise: `≤ ${PROMISED.level} ms`,
    kept: Math.max(...chain) <= PROMISED.level,
  });
  const diamond = await measureDiamond(world, rounds);
  row('diamond: revisions of each dependent', [...new Set(diamond)].join(', '), {
    promise: '1',
    kept: diamond.every((revisions) => revisions === 1),
  });
  const alone = await measureWork(world, 'alone', WORK_ROUNDS);
  printMany(await measureMany(world, dependents));
  const among = await measureWork(world, 'among-many', WORK_ROUNDS);
  const what = `a change with 1 dependent, alone / among ${dependents} others`;
  const same = { promise: 'the same', kept: among.tasks === alone.tasks && among.engineCalls === alone.engineCalls };
  row(`${what}: tasks`, `${alone.tasks} / ${among.tasks}`, same);
  row(`${what}: calls of the engine`, `${alone.engineCalls} / ${among.engineCalls}`, same);
  if (values.check && missed.length > 0) {
    console.error(`missed: ${missed.join(', ')}`);
    process.exitCode = 1;
  }
} finally {
  await world.close();
}

function printIdle(all: Delays[]): void {
  console.log(`\nFrom a change to the start of the dependent's upgrade, idle, ${changes} of each, in ms\n`);
  console.log(
    '| | median | p95 | most | seen from outside: median | p95 | promised p95 |\n| --- | --: | --: | --: | --: | --: | --: |',
  );
  for (const { how, toStart, seen } of all) {
    const cells = [median(toStart), p95(toStart), Math.max(...toStart), median(seen), p95(seen)];
    console.log(`| ${how} | ${cells.join(' | ')} | ≤ ${PROMISED.idleP95} |`);
    note(how, p95(toStart) <= PROMISED.idleP95 && p95(seen) <= PROMISED.idleP95);
  }
}

function printMany(many: ManyFigures): void {
  row(`${dependents} dependents: installed`, seconds(many.installMs));
  row(`${dependents} dependents: first upgrade begun after`, `${many.firstMs} ms`, {
    promise: `≤ ${PROMISED.firstOfMany} ms`,
    kept: many.firstMs <= PROMISED.firstOfMany,
  });
  row(`${dependents} dependents: all upgraded after`, seconds(many.lastMs));
  row('upgrades beyond one each', `${many.superfluous}`, { promise: '0', kept: many.superfluous === 0 });
  const users: [string, Sample][] = [
    ['their namespace', many.besideMs],
    ['another namespace', many.elsewhereMs],
  ];
  for (const [where, sample] of users) {
    row(`a user's upgrade in ${where} meanwhile, median / p95`, pair(median(sample), p95(sample)), {
      promise: `p95 ≤ ${PROMISED.userP95} ms`,
      kept: p95(sample) <= PROMISED.userP95,
    });
  }
  row('a read meanwhile, median / p95', pair(median(many.readMs), p95(many.readMs)));
}

function row(what: string, measured: string, promise?: { promise: string; kept: boolean }): void {
  console.log(`| ${what} | ${measured} | ${promise?.promise ?? ''} |`);
  note(what, promise?.kept ?? true);
}

function note(what: string, kept: boolean): void {
  if (!kept) missed.push(what);
}

function pair(first: number, second: number): string {
  return `${first.toFixed(0)} / ${second.toFixed(0)} ms`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
