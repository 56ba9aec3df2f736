import { followKafka } from '../../test/harness/programs/kafka-consumer.ts';

/** Prints the present and future records of a topic: `follow-topic.ts TOPIC HOST:PORT`. */
const [topic, broker] = process.argv.slice(2);
if (topic === undefined || broker === undefined) throw new Error('usage: follow-topic.ts TOPIC HOST:PORT');
await followKafka(broker, [topic], ({ key, value }) => console.log(`${key} ${value}`));
