import type { ReleaseInfo } from '../../contract/schemas/release.ts';
import type { KafkaReader } from '../harness/programs/kafka-consumer.ts';
import type { ChaosWorld, Replica } from './chaos-world.ts';
import { type ExpectedRelease, unfulfilledIn } from '../model/expected-release.ts';
import { listedReleases } from './helm-truth.ts';

/** Whether every replica and copy shows the releases of a namespace as helm does; each line names one that does not. */
export async function readerDisagreements(
  world: ChaosWorld,
  reader: KafkaReader,
  namespace: string,
): Promise<string[]> {
  const listed = await listedReleases(world.helm, namespace);
  const truth = listed.map(({ name, revision, status }) => `${name} ${revision} ${status}`).toSorted();
  const [first] = world.replicas;
  const items = first === undefined ? [] : await listOf(first, namespace);
  const problems: string[] = [];
  for (const replica of world.replicas) {
    const own = await listOf(replica, namespace);
    const says = own.map(newest).toSorted();
    compare(problems, `replica ${replica.name} of ${namespace}`, truth, says);
    compare(problems, `all of ${namespace} at replica ${replica.name}`, items.map(withoutAges), own.map(withoutAges));
  }
  for (const { name, ready, paused, status, message } of items) {
    if (!ready && !paused && status === 'deployed') problems.push(`${namespace}/${name} is not ready: ${message}`);
  }
  compare(problems, `Redis of ${namespace}`, items.map(copied).toSorted(), await copiesOf(world, namespace));
  return [...problems, ...eventProblems(reader, namespace, items)];
}

/** Whether every release matches the last request for it. */
export async function unfulfilled(world: ChaosWorld, expected: readonly ExpectedRelease[]): Promise<string[]> {
  const [replica] = world.replicas;
  if (replica === undefined) return ['there is no replica'];
  const problems: string[] = [];
  for (const one of expected) problems.push(...unfulfilledIn(one, await listOf(replica, one.namespace)));
  return problems;
}

async function listOf({ name, api }: Replica, namespace: string): Promise<ReleaseInfo[]> {
  const answer = await api.list(namespace);
  if (answer.status !== 200) throw new Error(`replica ${name} answers ${answer.status} ${answer.text}`);
  return answer.body.items.filter((item) => !isFailedInstall(item));
}

/** A first install that failed is shown for a while although it left nothing: neither helm nor Redis has it. */
function isFailedInstall({ version, task }: ReleaseInfo): boolean {
  return version === 0 && task?.operation === 'install' && task.state === 'failed';
}

/**
 * The newest revision of a release, as helm lists it. If that one failed, Walm shows the running revision, with the
 * failure beside it.
 */
function newest({ name, version, status, lastFailure }: ReleaseInfo): string {
  const hasFailed = lastFailure !== undefined && lastFailure.revision > version;
  return hasFailed ? `${name} ${lastFailure.revision} failed` : `${name} ${version} ${status}`;
}

/**
 * What depends on the moment and on the replica: ages, the number of the latest change, whether the dependencies were
 * read in time, and which indexes were read.
 */
const OF_THE_MOMENT = new Set(['age', 'sequence', 'dependency', 'newerVersion']);

/** A release as text: replicas are not asked at exactly the same moment. */
function withoutAges(item: ReleaseInfo): string {
  return JSON.stringify(item, (key, value: unknown) => (OF_THE_MOMENT.has(key) ? undefined : value));
}

function copied({ name, version, configValues }: Pick<ReleaseInfo, 'name' | 'version' | 'configValues'>): string {
  return `${name} ${version} ${JSON.stringify(configValues)}`;
}

async function copiesOf({ redis }: ChaosWorld, namespace: string): Promise<string[]> {
  const all = Object.entries(await redis.client.hgetall('walm-releases'));
  return all
    .filter(([field]) => field.startsWith(`${namespace}/`) || !field.includes('/'))
    .map(([, text]) => copied(JSON.parse(text) as ReleaseInfo))
    .toSorted();
}

interface ConfigRecord {
  type: string;
  data: { configValues: unknown };
}

/** The last record of each release on both topics matches its present state. */
function eventProblems(reader: KafkaReader, namespace: string, items: readonly ReleaseInfo[]): string[] {
  const lastOf = (topic: string) =>
    new Map(
      reader
        .records(topic)
        .filter(({ key }) => key.startsWith(`${namespace}/`))
        .map(({ key, value }) => [key, value]),
    );
  const [configs, statuses] = [lastOf('release-config'), lastOf('release-status')];
  const problems: string[] = [];
  for (const { name, version, configValues } of items) {
    const key = `${namespace}/${name}`;
    const config = JSON.parse(configs.get(key) ?? '{"data": {}}') as ConfigRecord;
    compare(
      problems,
      `release-config of ${key}`,
      [JSON.stringify(configValues)],
      [`${JSON.stringify(config.data.configValues)}`],
    );
    const status = JSON.parse(statuses.get(key) ?? '{}') as { revision?: number };
    compare(problems, `release-status of ${key}`, [`${version}`], [`${status.revision}`]);
  }
  const known = new Set(items.map(({ name }) => `${namespace}/${name}`));
  for (const [key, value] of configs) {
    const { type } = JSON.parse(value) as ConfigRecord;
    if (!known.has(key) && type !== 'Delete') problems.push(`release-config of ${key} says ${type}, it is gone`);
  }
  for (const [key, value] of statuses) {
    const { phase } = JSON.parse(value) as { phase: string };
    if (!known.has(key) && phase !== 'deleted') problems.push(`release-status of ${key} says ${phase}, it is gone`);
  }
  return problems;
}

function compare(problems: string[], about: string, wanted: readonly string[], found: readonly string[]): void {
  const missing = wanted.filter((one) => !found.includes(one));
  const more = found.filter((one) => !wanted.includes(one));
  if (missing.length > 0 || more.length > 0) {
    problems.push(`${about}: lacks ${missing.join('; ') || 'nothing'}, has instead ${more.join('; ') || 'nothing'}`);
  }
}
