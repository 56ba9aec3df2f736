import { expect } from 'vitest';

import { eventually } from '../eventually.ts';
import type { KubeClient } from './kube-client.ts';

const BASE = '/apis/admissionregistration.k8s.io/v1';

/**
 * Creates an admission policy that refuses changes of a Deployment's spec, including replicas; returns a function that
 * removes it. Both wait until the cluster applies the change.
 */
export async function freezeDeployment(
  kube: KubeClient,
  namespace: string,
  name: string,
): Promise<() => Promise<void>> {
  const policy = `freeze-${namespace}-${name}`;
  const rule = { apiGroups: ['apps'], apiVersions: ['v1'], resources: ['deployments'], operations: ['UPDATE'] };
  await kube.create(`${BASE}/validatingadmissionpolicies`, {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: policy },
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: {
        resourceRules: [rule],
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
      },
      matchConditions: [{ name: 'one', expression: `object.metadata.name == '${name}'` }],
      validations: [{ expression: 'object.spec == oldObject.spec', message: `${name} is frozen` }],
    },
  });
  await kube.create(`${BASE}/validatingadmissionpolicybindings`, {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: policy },
    spec: { policyName: policy, validationActions: ['Deny'] },
  });
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments/${name}?dryRun=All`;
  const change = { spec: { minReadySeconds: 9 } };
  const seen = (status: number) =>
    eventually(async () =>
      expect((await kube.call('PATCH', path, change, 'application/merge-patch+json')).status).toBe(status),
    );
  await seen(422);
  return async () => {
    await kube.remove(`${BASE}/validatingadmissionpolicybindings/${policy}`);
    await kube.remove(`${BASE}/validatingadmissionpolicies/${policy}`);
    await seen(200);
  };
}
