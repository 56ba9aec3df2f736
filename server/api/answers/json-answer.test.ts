import fc from 'fast-check';
import { fastify } from 'fastify';
import { expect, test } from 'vitest';
import { sendJsonBytes, writeLongJson } from './json-answer.ts';

async function sent(body: unknown): Promise<{ text: string; type: unknown }> {
  const app = fastify();
  app.get('/', async (_request, reply) => sendJsonBytes(reply, await writeLongJson(body)));
  const { payload, headers } = await app.inject('/');
  await app.close();
  return { text: payload, type: headers['content-type'] };
}

test('a long answer has the bytes that it has in one piece', async () => {
  const item = fc.option(fc.jsonValue({ maxDepth: 3 }), { nil: undefined });
  const list = fc.array(item, { minLength: 15, maxLength: 40 });
  const anyBody = fc.oneof(list, fc.record({ num: fc.nat(), items: list, left: item, more: list }));
  await fc.assert(
    fc.asyncProperty(anyBody, async (body) => {
      expect(await sent(body)).toEqual({ text: JSON.stringify(body, null, 1), type: 'application/json' });
    }),
    { numRuns: 60 },
  );
});

test('others go on while a long answer is written', async () => {
  const items = Array.from({ length: 40_000 }, (_, i) => ({ name: `release-${i}`, labels: { a: 'b'.repeat(50) } }));
  let [turns, isOver] = [0, false];
  const others = (): void => {
    turns += 1;
    if (!isOver) setImmediate(others);
  };
  const answer = sent({ items });
  setImmediate(others);
  const { text } = await answer;
  isOver = true;
  expect(JSON.parse(text)).toEqual({ items });
  expect(turns).toBeGreaterThan(2);
});

test('lists further down are written entry by entry, too', async () => {
  const entries = Array.from({ length: 30 }, (_, i) => ({ name: `m${i}`, data: null, left: undefined }));
  const body = {
    name: 'web',
    empty: {},
    releaseStatus: { configmaps: entries, others: [], gone: undefined },
    ready: true,
  };
  expect((await sent(body)).text).toBe(JSON.stringify(body, null, 1));
  let pieces = 0;
  const counting = { toJSON: () => ((pieces += 1), 'x') };
  await sent({ releaseStatus: { configmaps: Array.from({ length: 30 }, () => counting) } });
  expect(pieces).toBe(30);
});
