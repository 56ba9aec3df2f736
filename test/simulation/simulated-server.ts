import { pino } from 'pino';

import type { HttpServer, HttpServerDependencies } from '../../server/api/routes/http-server.ts';
import { createMemoryChartFolder } from '../../server/adapters/memory/chart-folder.ts';
import { createMemoryThreads } from '../../server/adapters/memory/threads.ts';
import { createKubeNamespaceUids } from '../../server/adapters/kube/objects/namespace-uids.ts';
import { createKubeSealKeys } from '../../server/adapters/kube/storage/seal-keys.ts';
import type { Overrides } from '../../server/composition/overrides.ts';
import { createClusterOn } from '../../server/composition/adapters/kube-cluster.ts';
import { createApp } from '../../server/composition/app.ts';
import { perform } from '../../server/composition/thread-jobs.ts';
import { readCommandLine } from '../../server/config/config.ts';
import type { Metrics } from '../../server/ports/runtime/metrics.ts';
import { createSimulatedKube } from './kube-client.ts';
import { createLink } from './world/network.ts';
import { createSimulatedApi, type SimulatedApi } from './simulated-api.ts';
import { ARCHIVE, CHART_DIGEST } from './simulated-charts.ts';
import { createSimulatedBus } from './simulated-bus.ts';
import { createSimulatedEngine } from './simulated-engine.ts';
import { createSimulatedRedis } from './simulated-redis.ts';
import { createSimulatedProcess, type SimulatedProcess } from './world/simulated-process.ts';
import type { SimulatedWorld } from './world/simulated-world.ts';

/** One replica and its engine on one machine. */
export interface SimulatedServer {
  readonly name: string;
  /** The running process and its API; null while it is down. */
  running(): { process: SimulatedProcess; api: SimulatedApi } | null;
  freeze(ms: number): void;
  freezeEngine(ms: number): void;
  killEngine(backAfterMs: number): void;
  /** Ends the server at once and its engine soon after; both start again later without any memory. */
  kill(backAfterMs: number): void;
  cut(): void;
  silence(ms: number): void;
}

/** A short lease makes the lead change often; a short history makes pruning frequent. */
const FLAGS = [
  '--auth-mode=none',
  '--leadership-lease-sec=9',
  '--leadership-renew-sec=2',
  '--history-max=4',
  '--operation-timeout-sec=60',
  '--events-resend-sec=20',
];
/** An engine notices the end of its server when its input ends, at most this much later. */
const ENGINE_OUTLIVES_MS = 300;

const nothing = () => undefined;
const METRICS: Metrics = {
  counter: () => ({ add: nothing }),
  histogram: () => ({ observe: nothing }),
  gauge: nothing,
  gaugeBy: nothing,
  render: () => Promise.resolve(''),
};

function configuration() {
  const line = readCommandLine(FLAGS, {});
  if (line.kind !== 'run') throw new Error('the flags of the simulation do not run a server');
  return line.config;
}

const CONFIG = configuration();

/** Starts a replica. `onDefect` is called with errors that no server should log. */
export function startSimulatedServer(
  world: SimulatedWorld,
  name: string,
  onDefect: (text: string) => void,
): SimulatedServer {
  const { time, random, trace } = world;
  const link = createLink(world);
  let ids = 0;
  let life: { process: SimulatedProcess; engine: ReturnType<typeof createSimulatedEngine>; api: SimulatedApi | null };

  function log(process: SimulatedProcess) {
    const destination = {
      write(line: string) {
        if (!process.isAlive()) return;
        const { level, msg, err } = JSON.parse(line) as { level: number; msg: string; err?: string };
        const text = `${name} says: ${msg}${err === undefined ? '' : `: ${err}`}`;
        trace.note(text);
        if (level >= 60) onDefect(text);
      },
    };
    const serializers = { err: (error: unknown) => (error instanceof Error ? error.message : String(error)) };
    return pino({ level: 'warn', base: null, timestamp: false, serializers }, destination);
  }

  async function begin(): Promise<void> {
    const process = createSimulatedProcess(time, name);
    const engine = createSimulatedEngine({ world, link, server: process, onDefect });
    const kube = createSimulatedKube(world, link, { process, replica: name, onDefect });
    const mine = { process, engine, api: null as SimulatedApi | null };
    life = mine;
    trace.note(`${name} starts`);
    const chartFolder = createMemoryChartFolder();
    await chartFolder.write(CHART_DIGEST, ARCHIVE);
    const overrides: Overrides = {
      clock: process.clock,
      random: () => random.next(),
      newId: () => `${name}-${(ids += 1)}`,
      secret: (bytes) => Buffer.alloc(bytes, 7),
      metrics: () => METRICS,
      threads: () => createMemoryThreads(perform),
      sealSources: ({ kubernetes: { systemNamespace: namespace } }, { clock, secret }) => ({
        keys: createKubeSealKeys({ kube, namespace, clock, secret }),
        namespaces: createKubeNamespaceUids({ kube }),
        close: nothing,
      }),
      helm: () => engine.port,
      cluster: (given) => createClusterOn(kube, given),
      sharedCache: () => Promise.resolve(createSimulatedRedis(world, link, process)),
      eventBus: () => Promise.resolve(createSimulatedBus(world, link, process)),
      repositories: () => Promise.resolve([REPOSITORY]),
      chartFolder: () => chartFolder,
      trimFolders: () => ({ run: () => Promise.resolve() }),
      auditFile: () => null,
      eventLoopDelay: () => ({ quantiles: () => [], stop: nothing }),
      http: (dependencies: HttpServerDependencies) => {
        mine.api = createSimulatedApi(dependencies);
        // There is no socket: requests come through `running`.
        return Promise.resolve({ close: () => Promise.resolve() } as unknown as HttpServer);
      },
      listen: () => Promise.resolve(`http://${name}`),
    };
    const folder = { instanceId: name, chartFolder: '', recordFolder: '', spillFolder: '', close: nothing };
    const app = await createApp(CONFIG, { folder, log: log(process), version: '1' }, overrides);
    await app.start();
  }

  void begin();
  return {
    name,
    running: () => (life.process.isAlive() && life.api !== null ? { process: life.process, api: life.api } : null),
    freeze: (ms) => life.process.freeze(ms),
    freezeEngine: (ms) => life.engine.freeze(ms),
    killEngine: (backAfterMs) => life.engine.kill(backAfterMs),
    kill(backAfterMs) {
      const { process, engine } = life;
      // It is down already, and starts again as planned.
      if (!process.isAlive()) return;
      process.kill();
      time.after(random.between(0, ENGINE_OUTLIVES_MS), () => engine.kill(null));
      time.after(backAfterMs, () => void begin());
    },
    cut: () => link.cut(),
    silence: (ms) => link.silence(ms),
  };
}

const REPOSITORY = {
  name: 'stable',
  url: 'http://charts',
  address: { prefix: 'http://charts', plainHttp: false, username: '', password: '' },
  access: {},
  origin: 'configuration',
} as const;
