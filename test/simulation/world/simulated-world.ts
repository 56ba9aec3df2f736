import type { EventRecord } from '../../../server/ports/runtime/event-bus.ts';
import { createSeededRandom, type SeededRandom } from '../../harness/seeded-random.ts';
import { type ApiServer, createApiServer } from '../api-server.ts';
import { CALM, type Weather } from './network.ts';
import { createSharedHashes, type SharedHashes } from './shared-hashes.ts';
import { createTrace, type Trace } from './trace.ts';
import { createVirtualTime, type VirtualTime } from './virtual-time.ts';

/** Everything that the servers of one run share; everything that happens in it follows from the seed. */
export interface SimulatedWorld {
  time: VirtualTime;
  random: SeededRandom;
  trace: Trace;
  api: ApiServer;
  /** All records that the broker has stored, in order. */
  published: EventRecord[];
  hashes: SharedHashes;
  /** What happens to requests at present. */
  weather: () => Weather;
  change(weather: Weather): void;
  /** Resolves after this much simulated time. */
  sleep(ms: number): Promise<void>;
}

const BEGIN = Date.UTC(2026, 0, 1);

/** A cluster with these namespaces, and nothing else. */
export function createSimulatedWorld(seed: number, namespaces: readonly string[]): SimulatedWorld {
  const time = createVirtualTime(BEGIN);
  const api = createApiServer(time);
  let present = CALM;
  for (const name of namespaces) {
    api.create('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
  return {
    time,
    api,
    published: [],
    hashes: createSharedHashes(time),
    random: createSeededRandom(seed),
    trace: createTrace(time),
    weather: () => present,
    change: (weather) => (present = weather),
    sleep: (ms) =>
      new Promise((resolve) => {
        time.after(ms, resolve);
      }),
  };
}
