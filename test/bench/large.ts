/**
 * Measures large releases against the helm command line on the same cluster, and how the time grows with what is large;
 * `--keys=20000 --objects=1000 --dependents=25 --rounds=3`. `--check` makes it fail when a promise is missed.
 */
import { parseArgs } from 'node:util';

import { createHelmCli } from '../harness/programs/helm-cli.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { startBenchParts } from './bench-parts.ts';
import { processorMs } from '../harness/timing/running-processes.ts';
import { type Curve, exponentOf, type Growth, lastDoubling, measureCurve } from './large/curves.ts';
import { growthOfDependents } from './large/dependents.ts';
import { type Duel, fightWith } from './large/duels.ts';
import { FEW_OBJECTS, labelsOf, MANY_OBJECTS, unknownParams, valuesOf } from './large/inputs.ts';
import { median, timed } from './sample.ts';

/** Walm's median is at most so many times helm's. */
const MAX_TIMES = 1.5;
const GET_MS = 100;
/** Values that no ReleaseConfig can hold. */
const TOO_MANY_BYTES = 3_900_000;
const REFUSED_MS = 1_000;
/** A last doubling that is not by the square, with room for what else the machine does. */
const MAX_DOUBLING = 3;

const { values } = parseArgs({
  options: {
    keys: { type: 'string', default: '20000' },
    objects: { type: 'string', default: '1000' },
    dependents: { type: 'string', default: '25' },
    rounds: { type: 'string', default: '3' },
    check: { type: 'boolean', default: false },
  },
});
const [keys, objects, rounds] = [Number(values.keys), Number(values.objects), Number(values.rounds)];
const dependents = Number(values.dependents);

const { kubeconfig, kube, api, server, close } = await startBenchParts();
const helm = createHelmCli(kubeconfig);
const missed: string[] = [];
try {
  const namespaces = { walm: await createNamespace(kube, 'large'), helm: await createNamespace(kube, 'large-helm') };
  const arena = { api, helm, namespaces };
  // A first round, so that one-time work happens before the measurement.
  await fightWith(arena, FEW_OBJECTS, (turn) => valuesOf(100, turn), 1);
  const byValues = await fightWith(arena, FEW_OBJECTS, (turn) => valuesOf(keys, turn), rounds);
  printDuels(`${keys} keys of values`, byValues);
  printDuels(
    `${objects} objects`,
    await fightWith(arena, MANY_OBJECTS, (turn) => ({ count: objects, turn }), Math.ceil(rounds / 3)),
  );
  const refused = await measureRefusal(namespaces.walm);
  console.log(
    `\n${TOO_MANY_BYTES / 1e6} MB of values refused after ${refused.toFixed(0)} ms, promised ≤ ${REFUSED_MS} ms`,
  );
  if (refused > REFUSED_MS) missed.push('refusing values that are too large');
  printCurves(await measureCurves(namespaces.walm));
  if (values.check && missed.length > 0) {
    console.error(`missed: ${missed.join(', ')}`);
    process.exitCode = 1;
  }
} finally {
  helm.close();
  await close();
}

async function measureRefusal(namespace: string): Promise<number> {
  const body = { name: 'huge', configValues: { text: 'x'.repeat(TOO_MANY_BYTES) } };
  const refused = async () => {
    const { status } = await api.install({ namespace, body, archive: FEW_OBJECTS.bytes });
    if (status !== 413) throw new Error(`values that are too large were answered with ${status}`);
  };
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) times.push(await timed(refused));
  return median(times);
}

/** Each by a dry run that only renders, so that nothing else grows beside it, and then those of dependents. */
async function measureCurves(namespace: string): Promise<Curve[]> {
  const dry = async (archive: Buffer, more: Record<string, unknown>): Promise<void> => {
    const body = { name: 'curve', ...more };
    const answer = await api.dryRun({ namespace, body, archive, query: { validate: 'client' } });
    if (answer.status !== 200) throw new Error(`the dry run answered ${answer.status} ${answer.text.slice(0, 500)}`);
  };
  const few = FEW_OBJECTS.bytes;
  const growths: Growth[] = [
    { what: 'keys of values', few: 2_500, work: (n) => dry(few, { configValues: valuesOf(n, 1) }) },
    { what: 'objects', few: 250, work: (n) => dry(MANY_OBJECTS.bytes, { configValues: { count: n } }) },
    { what: 'labels of the release', few: 125, work: (n) => dry(few, { releaseLabels: labelsOf(n) }) },
    { what: 'warnings', few: 1_000, work: (n) => dry(few, { metaInfoParams: unknownParams(n) }) },
  ];
  const followed: { namespace: string; count: number }[] = [];
  for (const times of dependents > 0 ? [1, 2, 4, 8] : []) {
    followed.push({ namespace: await createNamespace(kube, `large-followed-${times}`), count: dependents * times });
  }
  if (dependents > 0) growths.push(await growthOfDependents(api, dependents, followed));
  const curves: Curve[] = [];
  for (const growth of growths) {
    curves.push(await measureCurve(growth, rounds, () => processorMs([server.pid, ...server.children()])));
  }
  return curves;
}

function printDuels(title: string, duels: Duel[]): void {
  console.log(`\n${title}, both in turn, medians\n`);
  console.log('| | Walm | helm | Walm / helm | promised |\n| --- | --: | --: | --: | --: |');
  for (const { what, walm, helm: other } of duels) {
    const own = median(walm);
    if (other.length === 0) {
      console.log(`| ${what} | ${ms(own)} | | | ${what === 'GET' ? `≤ ${GET_MS} ms` : ''} |`);
      if (what === 'GET' && own > GET_MS) missed.push(`${title}: ${what}`);
      continue;
    }
    const times = own / median(other);
    console.log(`| ${what} | ${ms(own)} | ${ms(median(other))} | **${times.toFixed(2)}** | ≤ ${MAX_TIMES} |`);
    if (times > MAX_TIMES) missed.push(`${title}: ${what}`);
  }
}

function printCurves(curves: Curve[]): void {
  console.log("\nHow it grows: time, best of several, and Walm's processors, their median\n");
  console.log('| | n | 2n | 4n | 8n | exponent | last doubling |\n| --- | --: | --: | --: | --: | --: | --: |');
  for (const { what, sizes, best, processor } of curves) {
    const cells = best.map((time, i) => `${sizes[i]}: ${ms(time)}, ${ms(processor[i] ?? 0)}`);
    const doubling = lastDoubling(processor);
    const exponents = [best, processor].map((times) => exponentOf(times).toFixed(2)).join(', ');
    console.log(`| ${what} | ${cells.join(' | ')} | ${exponents} | ${doubling.toFixed(1)} × |`);
    if (doubling > MAX_DOUBLING) missed.push(`growth with ${what}`);
  }
}

function ms(time: number): string {
  return `${time.toFixed(0)} ms`;
}
