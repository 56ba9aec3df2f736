import { describe, expect, test } from 'vitest';
import { mayClaim, observeLease } from './lease-claim.ts';

const held = { holder: 'other', renewTime: 't1', durationMs: 15_000 };

describe('mayClaim', () => {
  test.each([
    ['nobody holds it', { ...held, holder: '' }, 0, true],
    ['it is ours from before a restart', { ...held, holder: 'me' }, 0, true],
    ['another holds it and renewed it within its duration', held, 14_999, false],
    ['another holds it and has not renewed it for its duration', held, 15_000, true],
  ])('%s', (_, lease, now, expected) => {
    expect(mayClaim({ ...lease, seenAt: 0 }, 'me', now)).toBe(expected);
  });
});

describe('observeLease', () => {
  test('counts from the last change, by our own clock', () => {
    const first = observeLease(held, undefined, 1000);
    expect(observeLease(held, first, 5000).seenAt).toBe(1000);
    expect(observeLease({ ...held, renewTime: 't2' }, first, 5000).seenAt).toBe(5000);
    expect(observeLease({ ...held, holder: 'third' }, first, 5000).seenAt).toBe(5000);
  });
});
