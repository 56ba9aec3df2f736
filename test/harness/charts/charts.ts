import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Real charts that are not part of the repository: files beside the checkout, if present. */
export type ForeignChart = 'zookeeper-6.1.0' | 'kafka-6.1.0' | 'tomcat-0.2.0' | 'ksonnet-lib-beta.2';

const FOLDER = fileURLToPath(new URL('../../../../shared/charts/', import.meta.url));

/**
 * Path of a foreign chart's archive, or undefined if it is absent: then skip the test with `test.skipIf(path ===
 * undefined)` and name {@link ABSENT}. On CI (`CI=true`) an absent chart is an error: a test that never runs protects
 * nothing.
 */
export function foreignChart(name: ForeignChart): string | undefined {
  const path = `${FOLDER}${name}.tgz`;
  if (existsSync(path)) return path;
  if (process.env['CI'] === 'true') throw new Error(`${name}.tgz: ${ABSENT}`);
  return undefined;
}

/** Why a test of foreign charts is skipped. */
export const ABSENT = 'the folder ../shared/charts beside the checkout does not hold this chart';

/** Path of one of the project's own example charts, as a folder. */
export function exampleChart(name: 'zookeeper' | 'kafka'): string {
  return fileURLToPath(new URL(`../../../examples/charts/${name}`, import.meta.url));
}
