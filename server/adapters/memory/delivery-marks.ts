import type { ReleaseKey } from '../../domain/names/release-key.ts';
import type { DeliveryMark, DeliveryMarks } from '../../ports/storage/delivery-marks.ts';

/** Marks of one process; `kept` is what a restart would find. */
export function createMemoryDeliveryMarks(kept = new Map<ReleaseKey, DeliveryMark>()): DeliveryMarks {
  return {
    load: () => Promise.resolve(new Map(kept)),
    save(changes) {
      for (const [key, mark] of changes) {
        if (mark === null) {
          kept.delete(key);
        } else {
          kept.set(key, mark);
        }
      }
      return Promise.resolve();
    },
  };
}
