/**
 * The JSON of `{ items }` as `sendJson` writes it, page by page: a list that may be large is never in memory as a whole,
 * and its serialisation never takes long at a time. A page is asked for when the client has taken the one before.
 */
export function streamItems(pages: AsyncGenerator<object[], void>): ReadableStream<string> {
  let begun = false;
  return new ReadableStream<string>(
    {
      async pull(controller) {
        for (;;) {
          const page = await pages.next();
          if (page.done === true) {
            controller.enqueue(begun ? '\n ]\n}' : '{\n "items": []\n}');
            controller.close();
            return;
          }
          const items = page.value.map((item) => `\n  ${JSON.stringify(item, null, 1).replaceAll('\n', '\n  ')}`);
          if (items.length > 0) {
            controller.enqueue(`${begun ? ',' : '{\n "items": ['}${items.join(',')}`);
            begun = true;
            return;
          }
        }
      },
      async cancel() {
        await pages.return();
      },
    },
    { highWaterMark: 0 },
  );
}
