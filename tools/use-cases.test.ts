import { expect, test } from 'vitest';

import { readSources } from './source-files.ts';
import type { SourceFile } from './source-files.ts';

const files = readSources(/^server\/services\/.*\.ts$/);
const isTest = ({ path }: SourceFile): boolean => path.endsWith('.test.ts');

/** Factories of use cases that no unit test of the services calls; those that other use cases are built of are parts. */
function untested(all: readonly SourceFile[]): string[] {
  const calledIn = (name: string, some: readonly SourceFile[]): boolean =>
    some.some(({ text }) => new RegExp(`(?<!function )\\b${name}(<[^>]*>)?\\(`).test(text));
  const production = all.filter((file) => !isTest(file));
  return production.flatMap(({ path, text }) =>
    [...text.matchAll(/^export (?:async )?function (create\w+)/gm)]
      .map(([, name = '']) => name)
      .filter(
        (name) =>
          !calledIn(
            name,
            all.filter((file) => isTest(file) || file.path !== path),
          ),
      )
      .map((name) => `${path}: ${name}`),
  );
}

test('every use case is called by a unit test, on memory parts', () => {
  expect(files.filter((file) => !isTest(file)).length).toBeGreaterThan(100);
  expect(untested(files)).toEqual([]);
});

test('one that none calls is found', () => {
  const applying = { path: 'server/services/a.ts', text: 'export function createApply(deps: Deps) {\n' };
  const other = { path: 'server/services/a.test.ts', text: "import { createApply } from './a.ts';\n" };
  expect(untested([applying, other])).toEqual(['server/services/a.ts: createApply']);
  expect(untested([applying, { ...other, text: 'const apply = createApply({ store });\n' }])).toEqual([]);
});
