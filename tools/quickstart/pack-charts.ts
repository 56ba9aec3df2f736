import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse, stringify } from 'yaml';

import { folderChart } from '../../test/harness/charts/chart-builder.ts';

/**
 * Packs every chart below `source` into `target` and writes the index.yaml of a classic chart repository beside them.
 * Returns `name version` of each.
 */
export function packCharts(source: string, target: string): string[] {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const created = new Date().toISOString();
  const entries: Record<string, object[]> = {};
  const packed: string[] = [];
  for (const folder of readdirSync(source).toSorted()) {
    const chart = folderChart(join(source, folder));
    const file = `${chart.name}-${chart.version}.tgz`;
    const metadata = parse(readFileSync(join(source, folder, 'Chart.yaml'), 'utf8')) as object;
    writeFileSync(join(target, file), chart.bytes);
    entries[chart.name] = [{ ...metadata, created, digest: chart.digest, urls: [file] }];
    packed.push(`${chart.name} ${chart.version}`);
  }
  writeFileSync(join(target, 'index.yaml'), stringify({ apiVersion: 'v1', entries, generated: created }));
  return packed;
}
