import { describe, expect, it } from 'vitest';
import { type EventBus, type EventRecord, EventsUndelivered } from './event-bus.ts';

/** A bus, and what its consumers have received of a topic so far: waits for at least `count` records. */
export type BusUnderTest = {
  bus: EventBus;
  consumed: (topic: string, count: number) => Promise<EventRecord[]>;
};

function records(topic: string, key: string, count: number): EventRecord[] {
  return Array.from({ length: count }, (_, index) => ({ topic, key, value: JSON.stringify({ index }) }));
}

/** The contract of every event bus; `topic` returns unused names. */
export function eventBusConformance(create: () => Promise<BusUnderTest>, topic: () => string): void {
  describe('an event bus', () => {
    it('delivers key and value as they are', async () => {
      const { bus, consumed } = await create();
      const record = { topic: topic(), key: 'demo/web', value: '{"name":"Wälm ✓","data":{"n":1}}' };
      await bus.publish([record]);
      expect(await consumed(record.topic, 1)).toEqual([record]);
    });

    it('keeps the order of a key within and between calls', async () => {
      const { bus, consumed } = await create();
      const name = topic();
      const sent = records(name, 'demo/web', 30);
      await bus.publish(sent.slice(0, 20));
      await bus.publish(sent.slice(20));
      expect(await consumed(name, 30)).toEqual(sent);
    });

    it('takes records of several topics and keys at once', async () => {
      const { bus, consumed } = await create();
      const [first, second] = [topic(), topic()];
      const sent = [...records(first, 'a/one', 5), ...records(first, 'b/two', 5), ...records(second, 'a/one', 3)];
      await bus.publish(sent);
      const got = await consumed(first, 10);
      expect(got.filter(({ key }) => key === 'a/one')).toEqual(sent.slice(0, 5));
      expect(got.filter(({ key }) => key === 'b/two')).toEqual(sent.slice(5, 10));
      expect(await consumed(second, 3)).toEqual(sent.slice(10));
    });

    it('does nothing for no records', async () => {
      const { bus } = await create();
      await expect(bus.publish([])).resolves.toBeUndefined();
    });

    it('refuses to publish once it is closed', async () => {
      const { bus } = await create();
      await bus.close();
      await expect(bus.publish(records(topic(), 'a/one', 1))).rejects.toThrow(EventsUndelivered);
    });
  });
}
