import { pino } from 'pino';
import { expect, it } from 'vitest';
import { createCloser } from './closer.ts';

const log = pino({ level: 'silent' });
const never = new Promise<void>(() => {});

it('stops in reverse order, whatever fails', async () => {
  const order: string[] = [];
  const closer = createCloser({ log, delay: () => never });
  closer.push('first', () => void order.push('first'));
  closer.push('second', async () => {
    order.push('second');
    throw new Error('cannot');
  });
  closer.push('third', async () => void order.push('third'));
  expect(await closer.close(1000)).toEqual(['second']);
  expect(order).toEqual(['third', 'second', 'first']);
  expect(await closer.close(1000)).toEqual([]);
});

it('gives up at the deadline and names what is left', async () => {
  const deadline = Promise.withResolvers<void>();
  const closer = createCloser({ log, delay: () => deadline.promise });
  closer.push('first', () => {});
  closer.push('stuck', () => never);
  const closed = closer.close(1000);
  deadline.resolve();
  expect(await closed).toEqual(['stuck', 'first']);
});
