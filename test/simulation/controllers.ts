import type { Change } from './api-server.ts';
import { pathOfObject } from './api-naming.ts';
import { asNumber, asString, valueAt } from '../../server/domain/json/json-reading.ts';
import { BROKEN_VALUE } from './simulated-charts.ts';
import type { SimulatedWorld } from './world/simulated-world.ts';

const GIVEN_UP = [
  { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'it has given up' },
];

/** The controllers of the simulated cluster: the pods of a workload become ready some time after it was applied. */
export function startControllers({ api, time, random }: Pick<SimulatedWorld, 'api' | 'time' | 'random'>): void {
  api.onChange(({ path: { collection, namespace, name }, after }: Change) => {
    if (collection !== 'apps/deployments' || after === null) return;
    const seen = asNumber(valueAt(after.status, 'observedGeneration'));
    if (seen === after.metadata.generation) return;
    time.after(random.between(5, 1_500), () => {
      const path = pathOfObject({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name });
      const found = api.list(path.slice(0, path.lastIndexOf('/'))).items.find((one) => one.metadata.name === name);
      if (found?.metadata.generation === undefined) return;
      const replicas = asNumber(valueAt(found.spec, 'replicas'), 1);
      const { generation: observedGeneration } = found.metadata;
      const isBroken = asString(valueAt(found.spec, 'template', 'metadata', 'annotations', 'value')) === BROKEN_VALUE;
      const ready = isBroken ? 0 : replicas;
      const pods = { replicas, updatedReplicas: replicas, readyReplicas: ready, availableReplicas: ready };
      api.patch(path, { status: { observedGeneration, ...pods, conditions: isBroken ? GIVEN_UP : [] } });
    });
  });
}
