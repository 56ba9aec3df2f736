import { Consumer, MessagesStreamModes, stringDeserializers } from '@platformatic/kafka';

import type { EventRecord } from '../../../server/ports/runtime/event-bus.ts';

/** Reads topics from their beginning and collects the records, each topic in the order of its partitions. */
export interface KafkaReader {
  /** The records of a topic so far. */
  records(topic: string): readonly EventRecord[];
  close(): Promise<void>;
}

/** Certificates for a broker that speaks TLS. */
type Certificates = { ca: string; cert: string; key: string };

let readers = 0;

/** Starts to read; a topic that does not exist yet is created. */
export async function readKafka(broker: string, topics: readonly string[], tls?: Certificates): Promise<KafkaReader> {
  const got: EventRecord[] = [];
  const close = await followKafka(broker, topics, (record) => got.push(record), tls);
  return { records: (topic) => got.filter((record) => record.topic === topic), close };
}

/** Calls `onRecord` with every present and future record of the topics, until the returned function is called. */
export async function followKafka(
  broker: string,
  topics: readonly string[],
  onRecord: (record: EventRecord) => void,
  tls?: Certificates,
): Promise<() => Promise<void>> {
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
  const stream = await consumer.consume({ topics: [...topics], mode: MessagesStreamModes.EARLIEST });
  stream.on('data', ({ topic, key, value }) => onRecord({ topic, key, value }));
  stream.on('error', () => undefined);
  return async () => {
    await stream.close().catch(() => undefined);
    await consumer.close(true).catch(() => undefined);
  };
}
