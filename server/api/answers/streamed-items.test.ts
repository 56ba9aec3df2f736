import { expect, test } from 'vitest';
import { allOf } from '../../../test/harness/all-of.ts';
import { streamItems } from './streamed-items.ts';

async function* pagesOf(pages: object[][], rest: object = {}): AsyncGenerator<object[], object> {
  yield* pages;
  return rest;
}

const textOf = async (stream: ReadableStream<string>): Promise<string> => (await allOf(stream)).join('');

test.each([[[]], [[[]]], [[[], [{ a: 1 }], []]], [[[{ a: 'x\ny', b: { c: [1, null] } }, {}], [{ a: 2 }]]]])(
  'a list in pages is what the whole list would be: %j',
  async (pages) => {
    expect(await textOf(streamItems(pagesOf(pages)))).toBe(JSON.stringify({ items: pages.flat() }, null, 1));
    const rest = { num: 1, total: 2, continue: 'x' };
    expect(await textOf(streamItems(pagesOf(pages, rest)))).toBe(
      JSON.stringify({ items: pages.flat(), ...rest }, null, 1),
    );
  },
);

test('a page is asked for when it is wanted, and none after the client has gone', async () => {
  let asked = 0;
  let ended = false;
  async function* endless(): AsyncGenerator<object[], never> {
    try {
      for (;;) {
        asked += 1;
        yield [{ asked }];
      }
    } finally {
      ended = true;
    }
  }
  const reader = streamItems(endless()).getReader();
  expect(asked).toBe(0);
  await reader.read();
  await reader.read();
  expect(asked).toBe(2);
  await reader.cancel();
  expect({ asked, ended }).toEqual({ asked: 2, ended: true });
});

test('what fails in between fails the answer', async () => {
  async function* failing(): AsyncGenerator<object[], never> {
    yield [{}];
    throw new Error('gone');
  }
  await expect(textOf(streamItems(failing()))).rejects.toThrow('gone');
});
