import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { root } from './generate/generated-files.ts';
import { threatFaults, threatRows } from './threat-model.ts';

const page = (name: string): string => readFileSync(join(root, name), 'utf8');
const exists = (path: string): boolean => existsSync(join(root, path));

test('every line of the threat model names tests that there are', () => {
  const text = page('docs/guide/threat-model.md');
  expect(threatFaults(text, exists)).toEqual([]);
  expect(threatRows(text).length).toBeGreaterThan(20);
});

test('a line without a test, and a test that is gone, are found', () => {
  const text =
    '| what | test |\n| --- | --- |\n| a | none |\n| b | `gone.test.ts` |\n| c | `made-up.ts` |\n| d | `is.test.ts` |\n\n| x | y |\n| - | - |\n| a | b |';
  const faults = threatFaults(text, (path) => path !== 'gone.test.ts');
  expect(faults).toEqual([
    'line 3: "a" names no test',
    'line 4: there is no test gone.test.ts',
    'line 5: there is no test made-up.ts',
  ]);
});
