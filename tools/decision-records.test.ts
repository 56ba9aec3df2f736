import { readdirSync, readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

const FOLDER = new URL('../docs/decisions/', import.meta.url);
const records = readdirSync(FOLDER)
  .filter((name) => /^\d{4}-.*\.md$/.test(name))
  .toSorted();
const read = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8');

describe('the decision records', () => {
  it.each(records)('%s has its number, a status, a context and a decision', (name) => {
    const text = read(name);
    expect(text).toMatch(new RegExp(`^# ${name.slice(0, 4)} · `));
    expect(text).toContain('**Status:** ');
    expect(text).toMatch(/^## Context$/m);
    expect(text).toMatch(/^## Decision$/m);
  });

  it('are listed in the index once each, in the order of their numbers', () => {
    const listed = [...read('README.md').matchAll(/^\| \[\d{4}\]\((\d{4}-[^)]*\.md)\) \| \S/gm)].map(
      ([, name]) => name,
    );
    expect(listed).toEqual(records);
  });
});
