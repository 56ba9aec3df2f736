import type { SimulatedClient } from '../simulated-client.ts';
import type { SimulatedServer } from '../simulated-server.ts';
import type { SimulatedWorld } from '../world/simulated-world.ts';
import type { Changes } from './changes.ts';
import type { PlainHelm } from './plain-helm.ts';

/** What the parts of the load share. */
export interface Actor {
  world: SimulatedWorld;
  servers: readonly SimulatedServer[];
  client: SimulatedClient;
  changes: Changes;
  plainHelm: PlainHelm;
  /** Whether no further change may be started. */
  isOver: () => boolean;
}
