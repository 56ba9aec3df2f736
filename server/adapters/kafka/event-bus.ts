import { isIP } from 'node:net';

import { Producer, ProduceAcks, stringSerializers } from '@platformatic/kafka';

import { connectionProblem } from '../../domain/errors/connection-problem.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import { type EventBus, type EventRecord, EventsUndelivered } from '../../ports/runtime/event-bus.ts';
import type { KafkaSettings } from './kafka-settings.ts';

const RETRY_DELAY_MS = 200;

type TextProducer = Producer<string, string, string, string>;

/**
 * Publishes to Kafka: acknowledged by every in-sync replica, one batch in flight to keep the order, topics created by
 * the broker if it allows that. A failed batch closes the connection: the next one uses a new producer, because the old
 * one may still hold half of the batch.
 */
export function createKafkaEventBus(settings: KafkaSettings, clock: Pick<Clock, 'after'>): EventBus {
  const means = { tls: settings.tls !== undefined, certificate: settings.tls?.cert !== undefined };
  let current: TextProducer | undefined;
  let closed = false;
  /** Why the last attempt to send the present batch failed. */
  let lastError: unknown;

  async function dispose(): Promise<void> {
    const former = current;
    current = undefined;
    // The connection is useless now, so errors while closing it do not matter.
    await former?.close(true).catch(() => undefined);
  }

  /** An idempotent producer retries forever without reporting why it fails. */
  async function send(producer: TextProducer, records: readonly EventRecord[]): Promise<void> {
    const late = Promise.withResolvers<never>();
    const cancel = clock.after(settings.publishTimeoutMs, () => {
      const text = `no acknowledgement within ${settings.publishTimeoutMs} ms`;
      late.reject(lastError === undefined ? new Error(text) : lastError);
    });
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
      current ??= createProducer(settings, (error) => (lastError = error));
      lastError = undefined;
      try {
        await send(current, records);
      } catch (error) {
        await dispose();
        throw new EventsUndelivered(records, new Error(connectionProblem(error, means), { cause: error }));
      }
    },
    async close() {
      closed = true;
      await dispose();
    },
  };
}

/** `onError` is called with the reason of each failed attempt; the producer makes as many as allowed. */
function createProducer(
  { brokers, tls, sasl, timeoutMs }: KafkaSettings,
  onError: (error: Error) => void,
): TextProducer {
  let broken: Error | undefined;
  const producer: TextProducer = new Producer({
    clientId: 'walm',
    bootstrapBrokers: [...brokers],
    serializers: stringSerializers,
    acks: ProduceAcks.ALL,
    idempotent: true,
    maxInflights: 1,
    autocreateTopics: true,
    timeout: timeoutMs,
    connectTimeout: timeoutMs,
    retryDelay: (_client, _operation, _attempt, _retries, error) => {
      onError(broken ?? error);
      broken = undefined;
      return RETRY_DELAY_MS;
    },
    ...(tls && {
      // Gateways distinguish clusters by it.
      tlsServerName: brokers.every(isNamed),
      tls: {
        rejectUnauthorized: tls.verify,
        ...(tls.ca !== undefined && { ca: tls.ca }),
        ...(tls.cert !== undefined && { cert: tls.cert }),
        ...(tls.key !== undefined && { key: tls.key }),
      },
    }),
    ...(sasl && { sasl: { ...sasl } }),
  });
  // A broker's reason for closing the connection, such as a bad certificate, is missing in the error of the attempt.
  producer.on('client:broker:connect', ({ connection }) => connection.on('error', (error) => (broken = error)));
  return producer;
}

/** Whether a broker is given by name: addresses are not server names (RFC 6066, section 3). */
function isNamed(broker: string): boolean {
  const host = broker.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  return isIP(host) === 0;
}
