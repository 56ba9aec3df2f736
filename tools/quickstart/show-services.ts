import { eventually } from '../../test/harness/eventually.ts';
import { followKafka } from '../../test/harness/programs/kafka-consumer.ts';
import { RESEND_SEC, type WalmCluster } from './modes.ts';
import { startProgress } from './progress-line.ts';
import { withRedis } from './services.ts';

/** Shows that the releases are in Redis' hash and in Kafka's topic; throws if they do not arrive there in time. */
export async function showServices({ redisPort, broker }: WalmCluster, keys: readonly string[]): Promise<void> {
  const hash = startProgress('hash');
  await withRedis(redisPort, (client) =>
    eventually(async () => expectAll(keys, await client.hkeys('walm-releases'), 'the hash walm-releases')),
  );
  hash.done(`walm-releases in Redis has ${keys.join(', ')}`);

  const topic = startProgress('topic');
  topic.update(`reading release-config; a broker that began empty has everything within ${RESEND_SEC} s`);
  const got = new Set<string>();
  const close = await followKafka(broker, ['release-config'], ({ key }) => void got.add(key));
  try {
    const patience = { withinMs: 2 * RESEND_SEC * 1000 };
    await eventually(() => expectAll(keys, [...got], 'the topic release-config'), patience);
  } finally {
    await close();
  }
  topic.done(`release-config in Kafka has ${keys.join(', ')}`);
}

function expectAll(keys: readonly string[], found: readonly string[], where: string): void {
  const missing = keys.filter((key) => !found.includes(key));
  if (missing.length > 0) throw new Error(`${where} has no ${missing.join(', ')}`);
}
