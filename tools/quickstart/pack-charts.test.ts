import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';
import { parse } from 'yaml';

import { ROOT } from '../source-files.ts';
import { packCharts } from './pack-charts.ts';

test('the index names the archive of each example chart by its digest', () => {
  const target = mkdtempSync(join(tmpdir(), 'walm-charts-'));
  try {
    expect(packCharts(join(ROOT, 'examples/charts'), target)).toEqual(['kafka 1.0.0', 'zookeeper 1.0.0']);
    const index = parse(readFileSync(join(target, 'index.yaml'), 'utf8')) as {
      entries: Record<string, { digest: string; urls: [string]; appVersion: string }[]>;
    };
    const zookeeper = index.entries['zookeeper']?.[0];
    const archive = readFileSync(join(target, zookeeper?.urls[0] ?? ''));
    expect(zookeeper?.digest).toBe(createHash('sha256').update(archive).digest('hex'));
    expect(zookeeper?.appVersion).toBe('3.9.3');
  } finally {
    rmSync(target, { recursive: true });
  }
});
