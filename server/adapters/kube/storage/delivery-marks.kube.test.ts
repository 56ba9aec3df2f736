import { afterAll, beforeAll, inject } from 'vitest';

import { openGate } from '../../../../test/harness/fakes/open-gate.ts';
import { deliveryMarksConformance } from '../../../ports/storage/delivery-marks.conformance.ts';
import { createKubeDeliveryMarks } from './delivery-marks.ts';
import { fenceKube } from '../client/fenced-kube.ts';
import { createKubeApi, type KubeApi } from '../client/kube-api.ts';
import { resourcePath } from '../client/resource-path.ts';

let kube: KubeApi;
let count = 0;

beforeAll(() => {
  kube = createKubeApi({ kubeconfig: inject('sandbox').kubeconfig, inCluster: false });
});

afterAll(() => kube.close());

deliveryMarksConformance(async () => {
  const namespace = `delivery-marks-${count++}`;
  await kube.create(resourcePath({ group: '', version: 'v1', plural: 'namespaces' }), {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace },
  });
  const open = () => openGate('deliveryMarks', createKubeDeliveryMarks({ kube: fenceKube(kube), namespace }));
  return { marks: open(), reopen: open };
});
