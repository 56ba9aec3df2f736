import { sealText, whyTextUnsealed } from '../../domain/seals/text-seal.ts';
import type { TextSeal } from '../../ports/storage/text-seal.ts';
import type { SealRing } from './seal-ring.ts';

/** Seals tasks. If a seal names an unknown key, the keys are read again before it is refused. */
export function createTaskSeal(ring: Pick<SealRing, 'task' | 'refresh'>): TextSeal {
  return {
    async seal(text) {
      return sealText(text, await ring.task());
    },
    async whyUnsealed(text, seal) {
      const why = whyTextUnsealed(text, seal, await ring.task());
      if (why === null || seal === '') {
        return why;
      }
      await ring.refresh();
      return whyTextUnsealed(text, seal, await ring.task());
    },
  };
}
