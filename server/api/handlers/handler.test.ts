import { expect, it } from 'vitest';
import { createTaskHandlers } from './task-handlers.ts';
import { defineHandlers, type Handlers, type HandlersOf } from './handler.ts';

it('does not compile with a missing or wrong handler', () => {
  const refuse = () => Promise.reject(new Error('not called'));
  const good = createTaskHandlers({
    latestEvent: () => '',
    getTask: refuse,
    listTasks: refuse,
    cancelTask: refuse,
  });
  const wrong = [
    // @ts-expect-error most handlers are missing
    () => defineHandlers({ ...good }),
    (all: Handlers) =>
      defineHandlers({
        ...all,
        // @ts-expect-error the contract has no such answer
        liveness: async () => ({ status: 204, body: undefined }),
      }),
    (all: Handlers) =>
      defineHandlers({
        ...all,
        // @ts-expect-error the operation has no such path parameter
        getTask: ({ path }) => Promise.reject(new Error(`${path.release}`)),
      }),
    (): HandlersOf<'readiness'> => ({
      // @ts-expect-error the body does not match the status
      readiness: async () => ({ status: 200, body: 'KO' }),
    }),
  ];
  expect(wrong).toHaveLength(4);
});
