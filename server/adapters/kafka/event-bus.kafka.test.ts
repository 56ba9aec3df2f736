import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eventually } from '../../../test/harness/eventually.ts';
import { type KafkaBroker, startKafkaBroker } from '../../../test/harness/programs/kafka-broker.ts';
import { type KafkaReader, readKafka } from '../../../test/harness/programs/kafka-consumer.ts';
import { eventBusConformance } from '../../ports/runtime/event-bus.conformance.ts';
import { type EventBus, EventsUndelivered } from '../../ports/runtime/event-bus.ts';
import { systemClock } from '../system/system-clock.ts';
import { createKafkaEventBus } from './event-bus.ts';

let broker: KafkaBroker;
const open: { close(): Promise<void> }[] = [];
let topics = 0;

beforeAll(async () => {
  broker = await startKafkaBroker();
});

afterAll(async () => {
  await Promise.all(open.map((each) => each.close()));
  await broker.stop();
});

function createBus(publishTimeoutMs = 120_000): EventBus {
  const settings = { brokers: [broker.address], timeoutMs: 60_000, publishTimeoutMs };
  const bus = createKafkaEventBus(settings, systemClock);
  open.push(bus);
  return bus;
}

async function consumed(topic: string, count: number) {
  const reader: KafkaReader = await readKafka(broker.address, [topic]);
  open.push(reader);
  return eventually(() => {
    const records = reader.records(topic);
    expect(records.length).toBeGreaterThanOrEqual(count);
    return [...records];
  });
}

eventBusConformance(
  () => Promise.resolve({ bus: createBus(), consumed }),
  () => `topic-${topics++}`,
);

describe('the Kafka event bus', () => {
  it('says what is not delivered while the broker is away, and goes on when it is back', async () => {
    const bus = createBus(2_000);
    const record = (value: string) => ({ topic: 'outage', key: 'demo/web', value });
    await eventually(() => bus.publish([record('before')]));
    await broker.kill();
    await expect(bus.publish([record('lost')])).rejects.toThrow(EventsUndelivered);
    await broker.restart();
    await eventually(() => bus.publish([record('after')]));
    const values = (await consumed('outage', 2)).map(({ value }) => value);
    expect(values[0]).toBe('before');
    expect(values.at(-1)).toBe('after');
  });

  it('does not wait forever for a broker that is frozen', async () => {
    const bus = createBus(1_000);
    await eventually(() => bus.publish([{ topic: 'frozen', key: 'a/b', value: '1' }]));
    broker.freeze();
    try {
      await expect(bus.publish([{ topic: 'frozen', key: 'a/b', value: '2' }])).rejects.toThrow(EventsUndelivered);
    } finally {
      broker.wake();
    }
    await eventually(() => bus.publish([{ topic: 'frozen', key: 'a/b', value: '3' }]));
  });
});
