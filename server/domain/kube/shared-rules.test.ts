import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isInterruption } from '../revisions/interruption.ts';
import { isLabelKey, isLabelValue } from './label-syntax.ts';
import { parseLabelSelector, SelectorSyntaxError } from './label-selector.ts';
import { parseQuantity } from './quantity.ts';

/** Fixtures that engine/rules_test.go reads as well, and checks against the code of Kubernetes and of the engine. */
function rules<Rules>(name: string): Rules {
  const file = new URL(`../../../engine/testdata/rules/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Rules;
}

type Verdicts = Record<string, boolean>;
type Labels = {
  keys: Verdicts;
  values: Verdicts;
  selectors: { labels: Record<string, string>; selected: Verdicts; refused: string[] };
};

describe('labels are judged as Kubernetes judges them', () => {
  const { keys, values, selectors } = rules<Labels>('labels');

  test.each(Object.entries(keys))('the key "%s" is valid: %s', (key, valid) => {
    expect(isLabelKey(key)).toBe(valid);
  });

  test.each(Object.entries(values))('the value "%s" is valid: %s', (value, valid) => {
    expect(isLabelValue(value)).toBe(valid);
  });

  test.each(Object.entries(selectors.selected))('"%s" selects: %s', (selector, selected) => {
    expect(parseLabelSelector(selector)(selectors.labels)).toBe(selected);
  });

  test.each(selectors.refused)('"%s" is not a selector', (selector) => {
    expect(() => parseLabelSelector(selector)).toThrow(SelectorSyntaxError);
  });
});

describe('quantities are read as Kubernetes reads them', () => {
  const { thousandths, refused } = rules<{ thousandths: Record<string, number>; refused: string[] }>('quantities');

  test.each(Object.entries(thousandths))('"%s" is %d thousandths, rounded up', (text, wanted) => {
    const { numerator = 0n, denominator = 1n } = parseQuantity(text) ?? {};
    const milli = numerator * 1000n;
    const up = milli % denominator > 0n ? 1n : 0n;
    expect(Number(milli / denominator + up)).toBe(wanted);
  });

  test.each(refused)('"%s" is none', (text) => {
    expect(parseQuantity(text)).toBeUndefined();
  });
});

test('what the engine writes of an operation that was cut off is an interruption, and of a delete that was given up none', () => {
  const { cancelled, cutOff, removalGivenUp } =
    rules<Record<'cancelled' | 'cutOff' | 'removalGivenUp', string>>('descriptions');
  expect([cancelled, `${cutOff}unexpected EOF`].map(isInterruption)).toEqual([true, true]);
  expect(isInterruption(`${removalGivenUp}it was killed`)).toBe(false);
});
