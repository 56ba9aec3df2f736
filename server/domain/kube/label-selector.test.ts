import { describe, expect, it } from 'vitest';
import { parseLabelSelector } from './label-selector.ts';

const LABELS = { team: 'a', tier: 'web', 'app.io/size': '3', empty: '', in: 'out' };

describe('a label selector', () => {
  it.each([
    ['nothing asked selects everything', '', true],
    ['an equal value', 'team=a', true],
    ['an equal value with two signs', 'team==a', true],
    ['another value', 'team=b', false],
    ['an empty value', 'empty=', true],
    ['an empty value of a missing label', 'missing=', false],
    ['a value that is not the one', 'team!=b', true],
    ['not a value, of a missing label', 'missing!=b', true],
    ['one of a set', 'team in (b, a)', true],
    ['the empty value of a set', 'empty in (b,)', true],
    ['none of a set', 'team notin (b,c)', true],
    ['not in a set, of a missing label', 'missing notin (b)', true],
    ['not in a set that holds the value', 'team notin (a)', false],
    ['a label that exists', 'tier', true],
    ['a label that does not exist', 'missing', false],
    ['a label that must not exist', '!tier', false],
    ['a label that must not exist and does not', '!missing', true],
    ['a greater number', 'app.io/size>2', true],
    ['a lesser number', 'app.io/size<3', false],
    ['a number asked of a text', 'team>1', false],
    ['all of several requirements', 'team=a, tier in (web), !missing', true],
    ['all but one of several requirements', 'team=a,tier=db', false],
    ['a label that is called like an operator', 'in=out', true],
    ['an operator as a value', 'in in (out, in)', true],
    ['spaces wherever they can be', '  team  =  a  ,tier ', true],
    ['a label that only the prototype has', 'constructor', false],
  ])('understands %s', (_name, selector, selected) => {
    expect(parseLabelSelector(selector)(LABELS)).toBe(selected);
  });

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
