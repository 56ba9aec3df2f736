import type { Load } from '../load/changes.ts';
import type { SimulatedClient } from '../simulated-client.ts';
import type { SimulatedServer } from '../simulated-server.ts';
import type { SimulatedWorld } from '../world/simulated-world.ts';

/** What is compared at the end of a run. */
export interface Compared {
  world: Pick<SimulatedWorld, 'api' | 'published' | 'hashes'>;
  servers: readonly SimulatedServer[];
  client: Pick<SimulatedClient, 'ask' | 'accepted'>;
  namespaces: readonly string[];
  load: Pick<Load, 'expected' | 'projects'>;
  /** The revision of a release (`namespace/name`) that was deployed last. */
  applied: (key: string) => number | undefined;
}
