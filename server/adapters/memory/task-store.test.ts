import { describeTaskStore } from '../../ports/storage/task-store.conformance.ts';
import { createMemoryTaskStore } from './task-store.ts';

describeTaskStore('memory', () => {
  const store = createMemoryTaskStore();
  return Promise.resolve({ store, reopen: () => store });
});
