import { type FaultWorld, startFaultWorld } from './fault-world.ts';

/** Worlds in which kills are tried in parallel, because a try mostly waits. */
export interface FaultWorlds {
  /** Runs `work` in a world that no other work uses meanwhile; a world in which it failed is replaced by a new one. */
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
  // One after the other, because each start keeps the machine busy.
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
