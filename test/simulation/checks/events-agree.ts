import type { ReleaseInfo } from '../../../contract/schemas/release.ts';
import type { EventRecord } from '../../../server/ports/runtime/event-bus.ts';

type Published = { phase: string; ready: boolean; revision: number };

/** The last event of each release shows its present state, or that it was deleted. */
export function eventProblems(
  published: readonly EventRecord[],
  namespace: string,
  items: readonly ReleaseInfo[],
): string[] {
  const own = published.filter(({ key }) => key.startsWith(`${namespace}/`));
  const statuses = new Map(own.filter(({ topic }) => topic === 'release-status').map(({ key, value }) => [key, value]));
  const configs = new Map(own.filter(({ topic }) => topic === 'release-config').map(({ key, value }) => [key, value]));
  const there = new Map(items.map((item) => [`${namespace}/${item.name}`, item]));
  const keys = new Set([...statuses.keys(), ...there.keys()]);
  return [...keys].flatMap((key) => {
    const item = there.get(key);
    const event = JSON.parse(statuses.get(key) ?? '{}') as Partial<Published>;
    const config = JSON.parse(configs.get(key) ?? '{}') as { type?: string; data?: { configValues?: unknown } };
    const gone = item === undefined || item.version === 0;
    const isRight = gone
      ? event.phase === 'deleted' || event.revision === 0
      : event.ready === item.ready && event.revision === item.version && (event.phase === 'paused') === item.paused;
    const isConfigRight = gone
      ? config.type !== 'CreateOrUpdate'
      : JSON.stringify(config.data?.configValues) === JSON.stringify(item.configValues ?? {});
    return [
      ...(isRight ? [] : [`the last event of ${key} says ${statuses.get(key)}`]),
      ...(isConfigRight ? [] : [`the last configuration of ${key} is published as ${configs.get(key)}`]),
    ];
  });
}
