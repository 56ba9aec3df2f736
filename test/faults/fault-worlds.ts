import { type FaultWorld, startFaultWorld } from './fault-world.ts';

/** Worlds in which kills are tried side by side: a try waits more than it computes. */
export interface FaultWorlds {
  /** Does `work` in a world that nobody else uses meanwhile; one in which it failed is given up for a new one. */
  use<T>(work: (world: FaultWorld) => Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

/** Starts `count` worlds, from 1. */
export async function startFaultWorlds(count: number): Promise<FaultWorlds> {
  const free: FaultWorld[] = [];
  const waiting: ((world: FaultWorld) => void)[] = [];
  const give = (world: FaultWorld): void => {
    const next = waiting.shift();
    if (next === undefined) free.push(world);
    else next(world);
  };
  // One after the other: each keeps the machine busy until it is up.
  for (let i = 0; i < count; i++) give(await startFaultWorld());

  return {
    async use(work) {
      const world = free.pop() ?? (await new Promise<FaultWorld>((resolve) => waiting.push(resolve)));
      try {
        const result = await work(world);
        give(world);
        return result;
      } catch (error) {
        await world.stop();
        give(await startFaultWorld());
        throw error;
      }
    },
    async stop() {
      await Promise.all(free.splice(0).map((world) => world.stop()));
    },
  };
}
