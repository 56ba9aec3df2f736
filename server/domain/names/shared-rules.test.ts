import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readRecordName } from './helm-record-name.ts';
import { isReleaseName } from './release-name.ts';

/** Fixtures that engine/rules_test.go reads as well, and checks against the code of Helm and of the engine. */
function rules<Rule>(name: string): [string, Rule][] {
  const file = new URL(`../../../engine/testdata/rules/${name}.json`, import.meta.url);
  return Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, Rule>);
}

test.each(rules<boolean>('release-names'))('%j is a name that Helm takes: %s', (name, valid) => {
  expect(isReleaseName(name)).toBe(valid);
});

test.each(rules<{ release: string; revision: number } | null>('record-names'))('%j records %j', (name, place) => {
  expect(readRecordName(name) ?? null).toEqual(place);
});
