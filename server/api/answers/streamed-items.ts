/**
 * The JSON of `{ items, … }` in the format of `sendJson`, page by page: a large list is never in memory as a whole, and
 * serialising a page takes little time. The next page is requested when the client has received the one before. What the
 * generator returns are the further fields.
 */
export function streamItems(pages: AsyncGenerator<object[], object>): ReadableStream<string> {
  let hasItems = false;
  return new ReadableStream<string>(
    {
      async pull(controller) {
        for (;;) {
          const page = await pages.next();
          if (page.done === true) {
            const rest = JSON.stringify(page.value, null, 1).slice(1, -1).trimEnd();
            controller.enqueue(`${hasItems ? '\n ]' : '{\n "items": []'}${rest === '' ? '' : ','}${rest}\n}`);
            controller.close();
            return;
          }
          const items = page.value.map((item) => `\n  ${JSON.stringify(item, null, 1).replaceAll('\n', '\n  ')}`);
          if (items.length > 0) {
            controller.enqueue(`${hasItems ? ',' : '{\n "items": ['}${items.join(',')}`);
            hasItems = true;
            return;
          }
        }
      },
      async cancel() {
        await pages.return({});
      },
    },
    { highWaterMark: 0 },
  );
}
