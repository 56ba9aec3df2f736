import { type EventBus, type EventRecord, EventsUndelivered } from '../../server/ports/runtime/event-bus.ts';
import type { Link } from './world/network.ts';
import type { SimulatedProcess } from './world/simulated-process.ts';
import type { SimulatedWorld } from './world/simulated-world.ts';

/** Maximum wait for an acknowledgement. */
const PUBLISH_MS = 15_000;

/** The broker of the simulated world, reached from one process of a machine. */
export function createSimulatedBus(
  { published, trace }: Pick<SimulatedWorld, 'published' | 'trace'>,
  link: Link,
  process: SimulatedProcess,
): EventBus {
  function arrive(records: readonly EventRecord[]): void {
    published.push(...records);
    records.forEach(({ topic, key, value }) => trace.note(`${process.name} published ${topic} ${key} ${value}`));
  }

  let isClosed = false;

  return {
    async publish(records) {
      if (records.length === 0) return;
      if (isClosed) throw new EventsUndelivered(records, new Error('the connection is closed'));
      const about = `publish ${records.map(({ key }) => key).join(', ')}`;
      try {
        // An abandoned connection delivers nothing more, like an idempotent producer.
        await link.request(process, about, { timeoutMs: PUBLISH_MS, unguarded: true }, () => arrive(records));
      } catch (error) {
        throw new EventsUndelivered(records, error);
      }
    },
    close() {
      isClosed = true;
      return Promise.resolve();
    },
  };
}
