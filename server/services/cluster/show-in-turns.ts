import type { Clock } from '../../ports/runtime/clock.ts';
import { createYieldTurn } from '../jobs/cooperative-yield.ts';

/** What `show` makes of each item, in order; other work runs in between, since a namespace may have thousands. */
export async function showInTurns<Item, Shown>(
  items: readonly Item[],
  show: (item: Item) => Promise<Shown>,
  clock: Pick<Clock, 'now'>,
): Promise<Shown[]> {
  const yieldTurn = createYieldTurn(clock);
  const shown: Shown[] = [];
  for (const item of items) {
    shown.push(await show(item));
    await yieldTurn();
  }
  return shown;
}
