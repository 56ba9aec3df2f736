import { expect } from 'vitest';

import { eventually } from '../harness/eventually.ts';
import type { KubeClient } from '../harness/clients/kube-client.ts';

/** Everything that a request could have left behind, with its version. */
export async function traces(kube: KubeClient, namespaces: readonly string[]): Promise<string[]> {
  const paths = namespaces.flatMap((namespace) => [
    `/api/v1/namespaces/${namespace}/secrets`,
    `/api/v1/namespaces/${namespace}/configmaps`,
    `/apis/apiextensions.transwarp.io/v1beta1/namespaces/${namespace}/releaseconfigs`,
  ]);
  const objects = (await Promise.all(paths.map((path) => kube.list(path)))).flat();
  return objects.map(({ metadata }) => `${metadata.namespace}/${metadata.name} ${metadata.resourceVersion}`).toSorted();
}

/** The traces once nothing more is written about the fixture: the end of a task is noted a moment later. */
export async function restingTraces(kube: KubeClient, namespaces: readonly string[]): Promise<string[]> {
  let last: string[] = [];
  return eventually(
    async () => {
      const now = await traces(kube, namespaces);
      const before = last;
      last = now;
      expect(now).toEqual(before);
      return now;
    },
    { everyMs: 1_000 },
  );
}
