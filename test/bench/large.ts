/**
 * Measures large releases against the helm command line on the same cluster, and how the time grows with what is large;
 * `--keys=20000 --objects=1000 --rounds=3`. `--check` makes it fail when a promise is missed.
 */
import { parseArgs } from 'node:util';

import { createHelmCli } from '../harness/programs/helm-cli.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { startBenchParts } from './bench-parts.ts';
import { type Curve, lastDoubling, measureCurve } from './large/curves.ts';
import { type Duel, fightWith } from './large/duels.ts';
import { FEW_OBJECTS, labelsOf, MANY_OBJECTS, unknownParams, valuesOf } from './large/inputs.ts';
import { median } from './sample.ts';

/** Walm's median is at most so many times helm's. */
const MAX_TIMES = 1.5;
/** Reached for large values on a busy machine: docs/performance.md explains it. */
const MAX_RATIO_OF_VALUES = 3;
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
    rounds: { type: 'string', default: '3' },
    check: { type: 'boolean', default: false },
  },
});
const [keys, objects, rounds] = [Number(values.keys), Number(values.objects), Number(values.rounds)];

const { kubeconfig, kube, api, close } = await startBenchParts();
const helm = createHelmCli(kubeconfig);
const missed: string[] = [];
try {
  const namespaces = { walm: await createNamespace(kube, 'large'), helm: await createNamespace(kube, 'large-helm') };
  const arena = { api, helm, namespaces };
  // A first round, so that one-time work happens before the measurement.
  await fightWith(arena, FEW_OBJECTS, (turn) => valuesOf(100, turn), 1);
  const byValues = await fightWith(arena, FEW_OBJECTS, (turn) => valuesOf(keys, turn), rounds);
  printDuels(`${keys} keys of values`, byValues, MAX_RATIO_OF_VALUES);
  printDuels(
    `${objects} objects`,
    await fightWith(arena, MANY_OBJECTS, (turn) => ({ count: objects, turn }), Math.ceil(rounds / 3)),
    MAX_TIMES,
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
  const curve = await measureCurve('refusal', 1, rounds, async () => {
    const { status } = await api.install({ namespace, body, archive: FEW_OBJECTS.bytes });
    if (status !== 413) throw new Error(`values that are too large were answered with ${status}`);
  });
  return Math.min(...curve.best);
}

/** Measured by dry runs that only render, so that nothing else grows with the input. */
async function measureCurves(namespace: string): Promise<Curve[]> {
  const dry = async (archive: Buffer, more: Record<string, unknown>): Promise<void> => {
    const body = { name: 'curve', ...more };
    const answer = await api.dryRun({ namespace, body, archive, query: { validate: 'client' } });
    if (answer.status !== 200) throw new Error(`the dry run answered ${answer.status} ${answer.text.slice(0, 500)}`);
  };
  const few = FEW_OBJECTS.bytes;
  return [
    await measureCurve('keys of values', 2_500, rounds, (n) => dry(few, { configValues: valuesOf(n, 1) })),
    await measureCurve('objects', 125, rounds, (n) => dry(MANY_OBJECTS.bytes, { configValues: { count: n } })),
    await measureCurve('labels of the release', 50, rounds, (n) => dry(few, { releaseLabels: labelsOf(n) })),
    await measureCurve('warnings', 250, rounds, (n) => dry(few, { metaInfoParams: unknownParams(n) })),
  ];
}

function printDuels(title: string, duels: Duel[], max: number): void {
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
    const held = max === MAX_TIMES ? '' : `, held ≤ ${max}`;
    console.log(`| ${what} | ${ms(own)} | ${ms(median(other))} | **${times.toFixed(2)}** | ≤ ${MAX_TIMES}${held} |`);
    if (times > max) missed.push(`${title}: ${what}`);
  }
}

function printCurves(curves: Curve[]): void {
  console.log('\nHow a dry run that only renders grows, best of several\n');
  console.log('| | n | 2n | 4n | 8n | last doubling |\n| --- | --: | --: | --: | --: | --: |');
  for (const curve of curves) {
    const cells = curve.best.map((best, i) => `${curve.sizes[i]}: ${ms(best)}`);
    const doubling = lastDoubling(curve);
    console.log(`| ${curve.what} | ${cells.join(' | ')} | ${doubling.toFixed(1)} × |`);
    if (doubling > MAX_DOUBLING) missed.push(`growth with ${curve.what}`);
  }
}

function ms(time: number): string {
  return `${time.toFixed(0)} ms`;
}
