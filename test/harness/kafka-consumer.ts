import { Consumer, MessagesStreamModes, stringDeserializers } from '@platformatic/kafka';

import type { EventRecord } from '../../server/ports/event-bus.ts';

/** Reads topics from their beginning and remembers what came, each in the order of its partition. */
export interface KafkaReader {
  /** What has come of a topic so far. */
  records(topic: string): readonly EventRecord[];
  close(): Promise<void>;
}

let readers = 0;

/** Starts to read; a topic that does not exist yet is made. `tls` for a broker that speaks it. */
export async function readKafka(
  broker: string,
  topics: readonly string[],
  tls?: { ca: string; cert: string; key: string },
): Promise<KafkaReader> {
  const consumer = new Consumer({
    groupId: `walm-test-${process.pid}-${readers++}`,
    clientId: 'walm-test',
    bootstrapBrokers: [broker],
    deserializers: stringDeserializers,
    autocommit: false,
    autocreateTopics: true,
    maxWaitTime: 100,
    ...(tls && { tls }),
  });
  const got: EventRecord[] = [];
  const stream = await consumer.consume({ topics: [...topics], mode: MessagesStreamModes.EARLIEST });
  stream.on('data', ({ topic, key, value }) => got.push({ topic, key, value }));
  stream.on('error', () => undefined);
  return {
    records: (topic) => got.filter((record) => record.topic === topic),
    async close() {
      await stream.close().catch(() => undefined);
      await consumer.close(true).catch(() => undefined);
    },
  };
}
