import { expect } from 'vitest';
import { eventually } from './eventually.ts';

/** Non-empty queues of the server, by its metrics: `tasks 2`. */
async function busyQueues(url: string): Promise<string[]> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const depths = [...text.matchAll(/^walm_queue_depth\{queue="(\w+)"\} (\d+)$/gm)];
  expect(depths.length, 'the metrics name no queue').toBeGreaterThan(0);
  return depths.map(([, name, depth]) => `${name} ${depth}`).filter((one) => !one.endsWith(' 0'));
}

/** Resolves when the server has nothing to do: everything that follows from the events it has received is done. */
export async function untilQuiet(url: string): Promise<void> {
  await eventually(async () => expect(await busyQueues(url)).toEqual([]));
}
