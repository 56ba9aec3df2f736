import { expect, test } from 'vitest';
import type { KubeApi } from './kube-api.ts';
import { outsideNamespace } from './outside-namespace.ts';
import { resourcePath } from './resource-path.ts';

const OWN = 'walm-system';
const DEPLOYMENTS = { group: 'apps', version: 'v1', plural: 'deployments' };

/** An API server that answers every call, and the paths that it was called with. */
function recorded(): { kube: KubeApi; paths: string[] } {
  const paths: string[] = [];
  const answer = (path: string) => Promise.resolve(paths.push(path));
  const methods = ['get', 'list', 'create', 'replace', 'patch', 'apply', 'remove', 'watch', 'text', 'open'] as const;
  const calls = Object.fromEntries(methods.map((method) => [method, answer]));
  const rest = { renewConnections: () => undefined, close: () => undefined };
  return { kube: outsideNamespace({ ...calls, ...rest } as unknown as KubeApi, OWN), paths };
}

const calls: Record<string, (kube: KubeApi, path: string) => Promise<unknown>> = {
  get: (kube, path) => kube.get(path),
  list: (kube, path) => kube.list(path),
  create: (kube, path) => kube.create(path, {}),
  replace: (kube, path) => kube.replace(path, {}),
  patch: (kube, path) => kube.patch(path, {}, 'merge'),
  apply: (kube, path) => kube.apply(path, {}, { fieldManager: 'walm' }),
  remove: (kube, path) => kube.remove(path),
  watch: (kube, path) => kube.watch(path, {}, { onEvent: () => undefined }),
  text: (kube, path) => kube.text(path),
  open: (kube, path) => kube.open(path),
};

test.each(Object.entries(calls))(
  '%s does not reach into the namespace, and reaches everything else',
  async (_, call) => {
    const { kube, paths } = recorded();
    const within = [
      resourcePath(DEPLOYMENTS, OWN, 'web'),
      resourcePath(DEPLOYMENTS, OWN, 'web', 'scale'),
      resourcePath({ group: '', version: 'v1', plural: 'pods' }, OWN),
      `/api/v1/namespaces/${OWN}`,
    ];
    for (const path of within) {
      await expect(call(kube, path)).rejects.toMatchObject({ code: 'NAMESPACE_RESERVED', details: { namespace: OWN } });
    }
    expect(paths).toEqual([]);
    const without = [
      resourcePath(DEPLOYMENTS, 'demo', OWN),
      resourcePath(DEPLOYMENTS, `${OWN}-2`, 'web'),
      resourcePath(DEPLOYMENTS, undefined, OWN),
    ];
    for (const path of without) {
      await call(kube, path);
    }
    expect(paths).toEqual(without);
  },
);
