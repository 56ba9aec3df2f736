import { namespaceReserved } from '../../../domain/names/reserved-namespace.ts';
import type { KubeApi } from './kube-api.ts';

/**
 * The same API server without one namespace: every call about the namespace, or an object in it, is refused. For changes
 * of objects that a record names, because a record can name any object; the engine has the same rule for its requests
 * (engine/client/reserved.go).
 *
 * @throws ProblemError NAMESPACE_RESERVED
 */
export function outsideNamespace(kube: KubeApi, namespace: string): KubeApi {
  const guarded =
    <Rest extends unknown[], Result>(call: (path: string, ...rest: Rest) => Promise<Result>) =>
    async (path: string, ...rest: Rest): Promise<Result> => {
      if (concerns(path, namespace)) {
        throw namespaceReserved(namespace);
      }
      return call(path, ...rest);
    };
  return {
    get: guarded(kube.get),
    list: guarded(kube.list),
    create: guarded(kube.create),
    replace: guarded(kube.replace),
    patch: guarded(kube.patch),
    apply: guarded(kube.apply),
    remove: guarded(kube.remove),
    watch: guarded(kube.watch),
    text: guarded(kube.text),
    open: guarded(kube.open),
    renewConnections: kube.renewConnections,
    close: kube.close,
  };
}

function concerns(path: string, namespace: string): boolean {
  const segments = path.split('/');
  return segments.some((segment, at) => segment === 'namespaces' && segments[at + 1] === namespace);
}
