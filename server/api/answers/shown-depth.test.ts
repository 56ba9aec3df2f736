import { describe, expect, it } from 'vitest';
import { SHOWN_DEPTH, withinDepth } from './shown-depth.ts';

function nested(depth: number, isArray = false): unknown {
  let value: unknown = 'leaf';
  for (let at = 0; at < depth; at++) {
    value = isArray ? [value] : { a: value };
  }
  return value;
}

describe('what is shown', () => {
  it('stays the same object while it is not too deep', () => {
    const body = { items: [nested(SHOWN_DEPTH - 2), { b: null, c: [1, 'x'] }] };
    expect(withinDepth(body)).toBe(body);
  });

  it.each([[SHOWN_DEPTH + 1], [5_000], [50_000]])(
    'is visibly cut where it nests %d levels deep, and the rest stays',
    (depth) => {
      for (const isArray of [false, true]) {
        const body = { items: [{ name: 'good' }, { values: nested(depth, isArray) }] };
        const text = JSON.stringify(withinDepth(body), null, 1);
        expect(text).toContain('"good"');
        expect(text).toContain('nested deeper than 160 levels');
        expect(text.length).toBeLessThan(2 * SHOWN_DEPTH * SHOWN_DEPTH * 10);
      }
    },
  );
});
