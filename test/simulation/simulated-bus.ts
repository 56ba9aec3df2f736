import { type EventBus, type EventRecord, EventsUndelivered } from '../../server/ports/runtime/event-bus.ts';
import type { Link } from './world/network.ts';
import type { SimulatedProcess } from './world/simulated-process.ts';
import type { SimulatedWorld } from './world/simulated-world.ts';

/** Longest wait for an acknowledgement. */
const PUBLISH_MS = 15_000;

/** The broker of the simulated world, as one process of a machine reaches it. */
export function createSimulatedBus(
  { published, trace }: Pick<SimulatedWorld, 'published' | 'trace'>,
  link: Link,
  process: SimulatedProcess,
): EventBus {
  function arrive(records: readonly EventRecord[]): void {
    published.push(...records);
    records.forEach(({ topic, key, value }) => trace.note(`${process.name} published ${topic} ${key} ${value}`));
  }

  return {
    async publish(records) {
      if (records.length === 0) return;
      const about = `publish ${records.map(({ key }) => key).join(', ')}`;
      try {
        // A connection that is given up delivers nothing any more, as with an idempotent producer.
        await link.request(process, about, { timeoutMs: PUBLISH_MS, unguarded: true }, () => arrive(records));
      } catch (error) {
        throw new EventsUndelivered(records, error);
      }
    },
    close: () => Promise.resolve(),
  };
}
