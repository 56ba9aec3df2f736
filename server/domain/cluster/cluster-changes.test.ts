import { describe, expect, test } from 'vitest';
import { annotationPatch, labelPatch } from './marks-patch.ts';
import { secretValues } from './secret-values.ts';

const codeOf = (act: () => unknown): string => {
  try {
    return `no error: ${JSON.stringify(act())}`;
  } catch (error) {
    return `${(error as { code: string }).code}: ${(error as Error).message}`;
  }
};

describe('labels and annotations of a node', () => {
  test('are a merge patch, in which null removes', () => {
    expect(labelPatch({ add: { x: 'y' }, remove: ['z'] })).toEqual({ metadata: { labels: { x: 'y', z: null } } });
    const [key, text] = ['walm.io/note', 'any text: äöü'];
    expect(annotationPatch({ add: { [key]: text }, remove: [] })).toEqual({
      metadata: { annotations: { [key]: text } },
    });
  });

  test.each([
    ['a key that is none', { add: { 'a b': '' }, remove: [] }, '"a b" in addLabels is not a valid key of a label'],
    [
      'a value that is none',
      { add: { a: 'b c' }, remove: [] },
      '"b c" in addLabels is not a valid value of the label a',
    ],
    ['a removed key that is none', { add: {}, remove: ['/'] }, '"/" in the keys to remove is not a valid key'],
    ['both at once', { add: { a: '' }, remove: ['a'] }, 'the label a is to be set and to be removed'],
  ])('are refused for %s', (_, change, message) => {
    expect(codeOf(() => labelPatch(change))).toContain(`LABEL_INVALID: ${message}`);
  });

  test('are refused if they are more than an object can have', () => {
    const add = { a: 'x'.repeat(256 * 1024) };
    expect(codeOf(() => annotationPatch({ add, remove: [] }))).toContain(
      'LABEL_INVALID: addAnnotations has 262145 bytes',
    );
  });
});

describe('the values of a Secret', () => {
  test('come as base64 or as text, and `***` keeps what is there', () => {
    const data = { a: 'aGVs\nbG8=', kept: '***', both: 'YQ==' };
    expect(secretValues({ data, stringData: { t: 'ä', both: 'b' } }, { kept: 'a2VwdA==', gone: 'eA==' })).toEqual({
      a: 'aGVsbG8=',
      kept: 'a2VwdA==',
      both: 'Yg==',
      t: 'w6Q=',
    });
  });

  test('keeps a key that objects have anyway', () => {
    const data = JSON.parse('{"__proto__": "YQ==", "constructor": "Yg=="}') as Record<string, string>;
    expect(Object.entries(secretValues({ data }, null))).toEqual(Object.entries(data));
  });

  test.each([
    [{ data: { a: '***' } }, null, 'illegal base64 data at input byte 0 of /data/a'],
    [{ data: { a: 'aGVsbG8' } }, null, 'illegal base64 data at input byte 7 of /data/a'],
    [{ data: { 'a/b': '' } }, null, '/data/a~1b is not a valid key'],
    [{ stringData: { a: '***' } }, {}, '/stringData/a says ***, and the Secret has no value of that key'],
    [{ stringData: { a: 'x'.repeat(1024 * 1024 + 1) } }, null, 'the values have 1048577 bytes'],
  ])('are refused: %#', (given, before, message) => {
    expect(codeOf(() => secretValues(given, before))).toContain(`SECRET_DATA_INVALID: ${message}`);
  });

  test('are in no message', () => {
    expect(codeOf(() => secretValues({ data: { a: 'hunter2 !' } }, null))).not.toContain('hunter2');
  });
});
