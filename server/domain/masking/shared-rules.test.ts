import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { secrecyOf } from './secrecy.ts';

const file = new URL('../../../engine/testdata/rules/secret-texts.json', import.meta.url);
/** The fixture that engine/rendering/made_secrets_test.go reads as well. */
const rules = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;

test.each(Object.entries(rules))('%j in a Secret is secret: %s', (text, secrecy) => {
  expect(secrecyOf(text)).toBe(secrecy);
});
