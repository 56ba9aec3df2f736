import { workloadsConformance } from '../../ports/cluster/workloads.conformance.ts';
import { createMemoryWorkloads } from './workloads.ts';

const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'demo', name: 'web' };

workloadsConformance('memory', () => {
  const workloads = createMemoryWorkloads([deployment]);
  return Promise.resolve({
    workloads,
    deployment,
    makePod() {
      const pod = { namespace: 'demo', name: 'alone', uid: '1' };
      workloads.pods.push(pod);
      return Promise.resolve(pod);
    },
    podExists: ({ uid }) => Promise.resolve(workloads.pods.some((pod) => pod.uid === uid)),
    stateOf() {
      const [found] = workloads.workloads;
      return found === undefined ? Promise.reject(new Error('it is gone')) : Promise.resolve(found);
    },
  });
});
