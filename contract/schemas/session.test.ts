import { expect, test } from 'vitest';
import { Compile } from 'typebox/compile';
import { AccessOverview } from './access-overview.ts';
import { Session } from './session.ts';

test.each([
  ['Session', Session],
  ['AccessOverview', AccessOverview],
] as const)('the examples of %s are what the schema describes', (_name, schema) => {
  const { examples } = schema as { examples?: unknown[] };
  expect(examples).toHaveLength(1);
  for (const example of examples ?? []) {
    expect(Compile(schema).Check(example)).toBe(true);
  }
});
