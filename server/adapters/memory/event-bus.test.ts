import { eventBusConformance } from '../../ports/runtime/event-bus.conformance.ts';
import { createMemoryEventBus } from './event-bus.ts';

let topics = 0;

eventBusConformance(
  () => {
    const bus = createMemoryEventBus();
    const consumed = (topic: string) => Promise.resolve(bus.published.filter((record) => record.topic === topic));
    return Promise.resolve({ bus, consumed });
  },
  () => `topic-${topics++}`,
);
