import type { ReleaseInfo } from '../../../contract/schemas/release.ts';
import type { EventRecord } from '../../../server/ports/runtime/event-bus.ts';

type Told = { phase: string; ready: boolean; revision: number };

/** The last event of each release of a namespace says how it is; of one that is gone, that it is gone. */
export function eventTroubles(
  published: readonly EventRecord[],
  namespace: string,
  items: readonly ReleaseInfo[],
): string[] {
  const own = published.filter(({ key }) => key.startsWith(`${namespace}/`));
  const told = new Map(own.filter(({ topic }) => topic === 'release-status').map(({ key, value }) => [key, value]));
  const configs = new Map(own.filter(({ topic }) => topic === 'release-config').map(({ key, value }) => [key, value]));
  const there = new Map(items.map((item) => [`${namespace}/${item.name}`, item]));
  const keys = new Set([...told.keys(), ...there.keys()]);
  return [...keys].flatMap((key) => {
    const item = there.get(key);
    const event = JSON.parse(told.get(key) ?? '{}') as Partial<Told>;
    const config = JSON.parse(configs.get(key) ?? '{}') as { type?: string; data?: { configValues?: unknown } };
    const gone = item === undefined || item.version === 0;
    const isRight = gone
      ? event.phase === 'deleted' || event.revision === 0
      : event.ready === item.ready && event.revision === item.version && (event.phase === 'paused') === item.paused;
    const isConfigRight = gone
      ? config.type !== 'CreateOrUpdate'
      : JSON.stringify(config.data?.configValues) === JSON.stringify(item.configValues ?? {});
    return [
      ...(isRight ? [] : [`the last event of ${key} says ${told.get(key)}`]),
      ...(isConfigRight ? [] : [`the last configuration of ${key} is told as ${configs.get(key)}`]),
    ];
  });
}
