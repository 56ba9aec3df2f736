/** The simulated world stands in for Helm, Redis and Kafka: what it says of servers is as true as these are alike. */
import { createMemoryCharts } from '../../server/adapters/memory/helm-charts.ts';
import { problem } from '../../server/domain/errors/problem-error.ts';
import { asNumber, asObject } from '../../server/domain/json/json-reading.ts';
import { recordName } from '../../server/domain/names/helm-record-name.ts';
import { helmConformance } from '../../server/ports/helm/helm-engine.conformance.ts';
import { renderWeb } from '../../server/ports/helm/helm-stage.conformance.ts';
import { eventBusConformance } from '../../server/ports/runtime/event-bus.conformance.ts';
import { sharedCacheConformance } from '../../server/ports/storage/shared-cache.conformance.ts';
import { leadingHelm } from '../harness/fakes/open-gate.ts';
import { releaseOf, secretOf } from './record-secrets.ts';
import { createSimulatedEngine } from './simulated-engine.ts';
import { createSimulatedBus } from './simulated-bus.ts';
import { createSimulatedRedis } from './simulated-redis.ts';
import { createLink } from './world/network.ts';
import { createSimulatedProcess } from './world/simulated-process.ts';
import { createSimulatedWorld, type SimulatedWorld } from './world/simulated-world.ts';

/** Lets simulated time pass until the work is done. */
async function inTime<T>({ time }: SimulatedWorld, work: Promise<T>): Promise<T> {
  let isOver = false;
  const end = () => void (isOver = true);
  work.then(end, end);
  await time.runUntil(() => isOver);
  return work;
}

type Verb = (...args: never[]) => unknown;

/** The port with verbs that resolve by themselves: simulated time passes while one of them is awaited. */
function awaited<Port extends object>(world: SimulatedWorld, port: Port): Port {
  return new Proxy(port, {
    get(target, key, receiver) {
      const verb: unknown = Reflect.get(target, key, receiver);
      if (typeof verb !== 'function') return verb;
      return (...args: never[]) => {
        const answer = (verb as Verb).apply(target, args);
        return answer instanceof Promise ? inTime(world, answer) : answer;
      };
    },
  });
}

function openWorld() {
  const world = createSimulatedWorld(1, ['demo', 'walm-system']);
  const { time, random, trace, weather } = world;
  const link = createLink({ time, random, trace, weather });
  return { world, link, server: createSimulatedProcess(time, 'walm-0') };
}

sharedCacheConformance(() => {
  const { world, link, server } = openWorld();
  return Promise.resolve(awaited(world, createSimulatedRedis(world, link, server)));
});

const WEB = 'a'.repeat(64);
let releases = 0;

helmConformance('the simulated engine', () => {
  releases += 1;
  const name = `release-${releases}`;
  const { world, link, server } = openWorld();
  const { api } = world;
  const charts = createMemoryCharts();
  charts.put(WEB, { name: 'web', version: '1.2.3', render: (values) => renderWeb(name, values) });
  charts.unserve('v1', 'Unheard');
  const { port } = createSimulatedEngine({ world, link, server, charts, onDefect: () => undefined });
  api.admission = (object) => {
    if (asNumber(asObject(object.spec)['replicas']) < 0) throw problem('MANIFEST_INVALID', 'so few there cannot be');
  };
  return {
    helm: awaited(world, leadingHelm(port)),
    web: WEB,
    target: () => ({ identity: null, namespace: 'demo', name }),
    leave(target, revision, status) {
      const path = `/api/v1/namespaces/demo/secrets/${recordName(target.name, revision)}`;
      return Promise.resolve(void api.replace(path, secretOf({ ...releaseOf(api.get(path)), status })));
    },
  };
});

let topics = 0;

eventBusConformance(
  () => {
    const { world, link, server } = openWorld();
    const consumed = (topic: string) => Promise.resolve(world.published.filter((record) => record.topic === topic));
    return Promise.resolve({ bus: awaited(world, createSimulatedBus(world, link, server)), consumed });
  },
  () => `topic-${topics++}`,
);
