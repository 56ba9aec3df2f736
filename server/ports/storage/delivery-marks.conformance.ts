import { describe, expect, it } from 'vitest';
import type { DeliveryMarks } from './delivery-marks.ts';

/**
 * The contract of every store of delivery marks; `create` returns an empty one, `reopen` the same one after a restart.
 */
export function deliveryMarksConformance(create: () => Promise<{ marks: DeliveryMarks; reopen: () => DeliveryMarks }>) {
  describe('delivery marks', () => {
    it('are empty at first', async () => {
      const { marks } = await create();
      expect(await marks.load()).toEqual(new Map());
    });

    it('are there after a restart', async () => {
      const { marks, reopen } = await create();
      await marks.load();
      const many = new Map(
        Array.from({ length: 100 }, (_, i) => [`ns-${i % 7}/web-${i}`, { config: `c${i}`, status: `s${i}` }]),
      );
      await marks.save(many);
      expect(await reopen().load()).toEqual(many);
    });

    it('change and go one by one', async () => {
      const { marks, reopen } = await create();
      await marks.load();
      await marks.save(
        new Map([
          ['a/one', { config: '1', status: '1' }],
          ['a/two', { config: '1', status: '1' }],
        ]),
      );
      await marks.save(
        new Map([
          ['a/one', { config: '2', status: '1' }],
          ['a/two', null],
          ['a/three', null],
        ]),
      );
      expect(await reopen().load()).toEqual(new Map([['a/one', { config: '2', status: '1' }]]));
    });
  });
}
