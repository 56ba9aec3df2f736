import { expect } from 'vitest';
import { eventually } from './eventually.ts';

/** Queues of the server that have something in them, by its metrics: `tasks 2`. */
async function busyQueues(url: string): Promise<string[]> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const depths = [...text.matchAll(/^walm_queue_depth\{queue="(\w+)"\} (\d+)$/gm)];
  expect(depths.length, 'the metrics name no queue').toBeGreaterThan(0);
  return depths.map(([, name, depth]) => `${name} ${depth}`).filter((one) => !one.endsWith(' 0'));
}

/** Back when the server has nothing to do: whatever was to come of what it has heard has come. */
export async function untilQuiet(url: string): Promise<void> {
  await eventually(async () => expect(await busyQueues(url)).toEqual([]));
}
