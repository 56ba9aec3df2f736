import { createMemoryCharts } from '../../../server/adapters/memory/helm-charts.ts';
import type { JsonObject } from '../../../server/domain/json/json.ts';
import type { ApiServer } from '../api-server.ts';
import { createOperation } from '../engine-operations.ts';
import type { Requests } from '../record-secrets.ts';
import { CHART, CHART_DIGEST } from '../simulated-charts.ts';
import type { SimulatedWorld } from '../world/simulated-world.ts';

/** A user who runs Helm without Walm, over a connection that never breaks. */
export interface PlainHelm {
  /** Adds values to those of a release. False if the release was locked or does not exist. */
  upgrade(at: { namespace: string; name: string }, values: JsonObject): Promise<boolean>;
}

const MAX_STEP_MS = 20;

/** Helm on a machine of its own. */
export function createPlainHelm({ api, time, random, trace, sleep }: SimulatedWorld): PlainHelm {
  const charts = createMemoryCharts();
  charts.put(CHART_DIGEST, CHART);
  const clock = { now: () => time.now(), after: (ms: number, run: () => void) => time.after(ms, run) };

  async function send<T>(act: (api: ApiServer) => T): Promise<T> {
    await sleep(random.between(1, MAX_STEP_MS));
    return act(api);
  }
  const requests: Requests = { read: (_, act) => send(act), write: (_, act) => send(act) };

  return {
    async upgrade({ namespace, name }, values) {
      const target = { namespace, name, identity: null };
      const isCancelled = () => false;
      const operation = createOperation({ target, requests, afterwards: requests, isCancelled, clock, charts });
      const history = await operation.history();
      const newest = history.at(-1);
      if (newest === undefined) return false;
      trace.note(`plain helm upgrades ${namespace}/${name}`);
      return operation
        .upgrade({
          ...target,
          chart: CHART_DIGEST,
          values: { ...newest.config, ...values },
          timeoutMs: 60_000,
          maxHistory: 10,
          crds: 'skip',
        })
        .then(
          () => true,
          () => false,
        );
    },
  };
}
