import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeHeapSnapshot } from 'node:v8';
import { expect, test } from 'vitest';

import { grownKinds, heapKinds } from './heap-kinds.ts';

class Kept {
  readonly mark = Math.random();
}

function look(): ReturnType<typeof heapKinds> {
  const file = writeHeapSnapshot(join(tmpdir(), `walm-kinds-${process.pid}-${Date.now()}.heapsnapshot`));
  try {
    return heapKinds(JSON.parse(readFileSync(file, 'utf8')) as Parameters<typeof heapKinds>[0]);
  } finally {
    rmSync(file);
  }
}

test('growth of a heap is listed by kind', () => {
  const before = look();
  const kept = Array.from({ length: 20_000 }, () => new Kept());
  const grown = new Map(grownKinds(before, look()));
  expect(kept).toHaveLength(20_000);
  expect(grown.get('object Kept')?.count).toBe(20_000);
  expect(grown.get('object Kept')?.bytes).toBeGreaterThan(20_000 * 12);
  expect(grown.get('string')?.count ?? 0).toBeLessThan(20_000);
});
