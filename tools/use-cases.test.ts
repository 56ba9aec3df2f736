import { expect, test } from 'vitest';

import { readSources } from './source-files.ts';
import type { SourceFile } from './source-files.ts';

const files = readSources(/^server\/services\/.*\.ts$/);
const isTest = ({ path }: SourceFile): boolean => path.endsWith('.test.ts');

/** Factories that no unit test of the services calls, each with the reason. */
const TESTED_ELSEWHERE: Readonly<Record<string, string>> = {
  createSealSigner: 'server/domain/seals/text-seal.test.ts calls it: what it signs is of the domain',
};

/** Factories of use cases and of their parts that no unit test of the services calls. */
function untested(all: readonly SourceFile[]): string[] {
  const tests = all.filter(isTest);
  return all
    .filter((file) => !isTest(file))
    .flatMap(({ path, text }) =>
      [...text.matchAll(/^export (?:async )?function (create\w+)/gm)]
        .map(([, name = '']) => name)
        .filter((name) => !tests.some((test) => new RegExp(`\\b${name}(<[^>]*>)?\\(`).test(test.text)))
        .map((name) => `${path}: ${name}`),
    );
}

test('every use case is called by a unit test, on memory parts', () => {
  expect(files.filter((file) => !isTest(file)).length).toBeGreaterThan(100);
  const found = untested(files).map((line) => line.replace(/.*: /, ''));
  expect(found).toEqual(Object.keys(TESTED_ELSEWHERE));
});

test('one that no test calls is found, whatever other files do', () => {
  const applying = { path: 'server/services/a.ts', text: 'export function createApply(deps: Deps) {\n' };
  const other = { path: 'server/services/a.test.ts', text: "import { createApply } from './a.ts';\n" };
  expect(untested([applying, other])).toEqual(['server/services/a.ts: createApply']);
  const using = { path: 'server/services/b.ts', text: 'const apply = createApply({ store });\n' };
  expect(untested([applying, other, using])).toEqual(['server/services/a.ts: createApply']);
  expect(untested([applying, { ...other, text: 'const apply = createApply({ store });\n' }])).toEqual([]);
});
