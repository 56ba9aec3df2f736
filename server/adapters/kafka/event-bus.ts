import { Producer, ProduceAcks, stringSerializers } from '@platformatic/kafka';
import type { Clock } from '../../ports/clock.ts';
import { type EventBus, type EventRecord, EventsUndelivered } from '../../ports/event-bus.ts';
import type { KafkaSettings } from './kafka-settings.ts';

type TextProducer = Producer<string, string, string, string>;

/**
 * Publishes to Kafka: acknowledged by every in-sync replica, one batch in flight so that order holds, topics made by
 * the broker where it allows that. A failed batch costs the connection: the next one begins on a fresh producer,
 * because the old one may still hold half of it.
 */
export function createKafkaEventBus(settings: KafkaSettings, clock: Pick<Clock, 'after'>): EventBus {
  let current: TextProducer | undefined;
  let closed = false;

  async function dispose(): Promise<void> {
    const former = current;
    current = undefined;
    // The connection is of no use any more: how its end goes changes nothing.
    await former?.close(true).catch(() => undefined);
  }

  /** The client's own timeouts do not cover a broker that goes away while a batch is on its way. */
  async function send(producer: TextProducer, records: readonly EventRecord[]): Promise<void> {
    const late = Promise.withResolvers<never>();
    const cancel = clock.after(settings.publishTimeoutMs, () =>
      late.reject(new Error(`no acknowledgement within ${settings.publishTimeoutMs} ms`)),
    );
    const sent = producer.send({ messages: records.map((record) => ({ ...record })) });
    try {
      await Promise.race([sent, late.promise]);
    } finally {
      cancel();
      sent.catch(() => undefined);
    }
  }

  return {
    async publish(records) {
      if (records.length === 0) {
        return;
      }
      if (closed) {
        throw new EventsUndelivered(records, new Error('the connection to Kafka is closed'));
      }
      current ??= createProducer(settings);
      try {
        await send(current, records);
      } catch (error) {
        await dispose();
        throw new EventsUndelivered(records, error);
      }
    },
    async close() {
      closed = true;
      await dispose();
    },
  };
}

function createProducer({ brokers, tls, sasl, timeoutMs }: KafkaSettings): TextProducer {
  return new Producer({
    clientId: 'walm',
    bootstrapBrokers: [...brokers],
    serializers: stringSerializers,
    acks: ProduceAcks.ALL,
    idempotent: true,
    maxInflights: 1,
    autocreateTopics: true,
    timeout: timeoutMs,
    connectTimeout: timeoutMs,
    retries: 1,
    retryDelay: 200,
    ...(tls && {
      tls: {
        rejectUnauthorized: tls.verify,
        ...(tls.ca !== undefined && { ca: tls.ca }),
        ...(tls.cert !== undefined && { cert: tls.cert }),
        ...(tls.key !== undefined && { key: tls.key }),
      },
    }),
    ...(sasl && { sasl: { ...sasl } }),
  });
}
