import { liveObjectsConformance } from '../../ports/cluster/live-objects.conformance.ts';
import { createMemoryLiveObjects } from './live-objects.ts';

liveObjectsConformance(() => {
  const live = createMemoryLiveObjects();
  let made = 0;
  return Promise.resolve({
    live,
    namespace: 'demo',
    create(object) {
      made += 1;
      const created = { ...object, metadata: { ...object.metadata, uid: `uid-${made}` } };
      live.put(created);
      return Promise.resolve(created);
    },
    remove(object) {
      live.remove(object);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  });
});
