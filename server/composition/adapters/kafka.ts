import { readTlsFiles } from '../../config/tls-files.ts';
import type { Adapters } from './adapters.ts';

/** Timeout for connecting to Kafka, and for the acknowledgement of a batch, in milliseconds. */
const KAFKA_TIMEOUT_MS = 5_000;
const KAFKA_PUBLISH_TIMEOUT_MS = 15_000;

/** Kafka, if enabled; otherwise nothing of it is loaded. Throws if a file that the configuration names cannot be read. */
export const createKafka: Adapters['eventBus'] = async ({ kafkaConfig: config }, clock) => {
  if (!config.enable) {
    return null;
  }
  const tls = readTlsFiles(config, 'kafkaConfig');
  const { saslMechanism: mechanism, username, password } = config;
  const settings = {
    brokers: config.brokers.split(',').map((broker) => broker.trim()),
    timeoutMs: KAFKA_TIMEOUT_MS,
    publishTimeoutMs: KAFKA_PUBLISH_TIMEOUT_MS,
    ...(tls !== null && { tls }),
    ...(mechanism !== 'none' && { sasl: { mechanism, username, password } }),
  };
  const { createKafkaEventBus } = await import('../../adapters/kafka/event-bus.ts');
  return createKafkaEventBus(settings, clock);
};
