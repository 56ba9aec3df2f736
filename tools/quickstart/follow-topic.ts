import { followKafka } from '../../test/harness/programs/kafka-consumer.ts';

/** Prints the records of a topic, those that are there and those that come: `follow-topic.ts TOPIC HOST:PORT`. */
const [topic, broker] = process.argv.slice(2);
if (topic === undefined || broker === undefined) throw new Error('usage: follow-topic.ts TOPIC HOST:PORT');
await followKafka(broker, [topic], ({ key, value }) => console.log(`${key} ${value}`));
