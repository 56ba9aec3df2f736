import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSealSigner } from '../../services/trust/seal-signers.ts';
import { sealText, whyTextUnsealed } from './text-seal.ts';

const ring = new Map([['k1', new Uint8Array(32).fill(1)]]);
const tasks = createSealSigner(ring, 'task');
const records = createSealSigner(ring, 'record');

describe('the seal of a text', () => {
  it('is of exactly this text, for this purpose', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, other) => {
        const seal = sealText(text, tasks);
        expect(whyTextUnsealed(text, seal, tasks)).toBeNull();
        expect(whyTextUnsealed(text, seal, records)).toBe('its seal is not of this content');
        expect(whyTextUnsealed(`${other}${text}.`, seal, tasks)).toBe('its seal is not of this content');
      }),
    );
  });

  it.each([
    ['', 'it carries no seal'],
    ['v1.k1', 'its seal is none that this Walm makes'],
    ['v2.k1.x', 'its seal is none that this Walm makes'],
    ['v1.k9.x', 'its seal was made with a key that is not among the seal keys'],
    ['v1.k1.x', 'its seal is not of this content'],
  ])('%j does not count', (seal, why) => {
    expect(whyTextUnsealed('text', seal, tasks)).toBe(why);
  });
});
