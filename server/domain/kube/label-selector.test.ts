import { describe, expect, it } from 'vitest';
import { parseLabelSelector } from './label-selector.ts';

describe('a label selector', () => {
  it.each([
    ['!!=', "unable to parse requirement: found '!=', expected: identifier"],
    ['=', "found '=', expected: !, identifier, or 'end of string'"],
    ['a=b,', "found '', expected: identifier after ','"],
    ['a=b c', "found 'c', expected: ',' or 'end of string'"],
    ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ['a in b', "unable to parse requirement: found 'b' expected: '('"],
    ['a in (b c)', "unable to parse requirement: found 'c', expected: ',' or ')'"],
    ['a in (=)', "unable to parse requirement: found '=', expected: ',', or identifier"],
    ['a==(', "unable to parse requirement: found '(', expected: identifier"],
    ['!a=b', "found '=', expected: ',' or 'end of string'"],
    ['a>b', "unable to parse requirement: for 'Gt', 'Lt' operators, the value must be an integer"],
    ['-a=b', 'unable to parse requirement: "-a" is not a valid label key'],
    ['a/b/c=d', 'unable to parse requirement: "a/b/c" is not a valid label key'],
    ['a=$', 'unable to parse requirement: "$" is not a valid value of label a'],
  ])('refuses %s with the words of Kubernetes', (selector, message) => {
    expect(() => parseLabelSelector(selector)).toThrow(message);
  });
});
