import type { KubeObject } from '../../../domain/kube/kube-object.ts';
import type { RepositoryAdapter } from '../../../ports/gate/gated-adapters.ts';
import type { ChartRepository } from '../../../ports/helm/chart-repositories.ts';
import { MAX_REPOSITORIES, type RefusedRepository } from '../../../ports/helm/repository-store.ts';
import type { FencedKube } from '../client/fenced-kube.ts';
import { hasStatus } from '../client/kube-api-error.ts';
import { problemOf } from '../client/problem-of.ts';
import { resourcePath } from '../client/resource-path.ts';
import { createObjectWatch, type ObjectWatchDeps } from '../watch/object-watch.ts';
import {
  decodeRepository,
  encodeRepository,
  isOversized,
  OVERSIZED,
  REPOSITORY_SECRET_TYPE,
  repositorySecretName,
} from './repository-secret.ts';

const SECRETS = { group: '', version: 'v1', plural: 'secrets' };

/** `namespace` is Walm's own. */
export type KubeRepositoryStoreDeps = ObjectWatchDeps & {
  kube: FencedKube;
  namespace: string;
  onError: (error: unknown) => void;
  /** Called once for each Secret that is refused, and again if it was changed and is still refused. */
  onRefused: (refused: RefusedRepository) => void;
};

/** What is known of one Secret: the version decides, so that an unchanged one stays the same object. */
type Known = { readonly version: string } & (
  | { readonly repository: ChartRepository }
  | { readonly refused: RefusedRepository }
);

/** Repositories in Secrets of Walm's own namespace, kept up to date by a watch. Keys are names of Secrets. */
export function createKubeRepositoryStore(deps: KubeRepositoryStoreDeps): RepositoryAdapter {
  const { kube, namespace, onError, onRefused } = deps;
  let known = new Map<string, Known>();
  let shown: readonly ChartRepository[] | null = null;

  /** What the Secret is in a view of the others in `among`. */
  function judge(secret: KubeObject, among: ReadonlyMap<string, Known>): Known {
    const { name, resourceVersion: version = '' } = secret.metadata;
    const before = known.get(name);
    const isFull = among.size >= MAX_REPOSITORIES && !among.has(name);
    if (before?.version === version && !(isFull && 'repository' in before)) {
      return before;
    }
    const decoded = isFull
      ? { refused: `there are more than ${MAX_REPOSITORIES} repositories` }
      : decodeRepository(secret);
    if ('repository' in decoded) {
      return { version, ...decoded };
    }
    const refused = { name, reason: decoded.refused };
    onRefused(refused);
    return { version, refused };
  }

  /** Those beyond the limit are reported, and forgotten: their number has no limit. */
  function put(secret: KubeObject, into: Map<string, Known>): void {
    const { name } = secret.metadata;
    const judged = judge(secret, into);
    if (into.has(name) || into.size < MAX_REPOSITORIES) {
      into.set(name, judged);
    }
    shown = null;
  }

  const watch = createObjectWatch(
    deps,
    {
      apiVersion: 'v1',
      kind: 'Secret',
      path: resourcePath(SECRETS, namespace),
      fieldSelector: `type=${REPOSITORY_SECRET_TYPE}`,
      reducing: createReducing,
    },
    {
      onReplace(all) {
        const next = new Map<string, Known>();
        all.toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1)).forEach((secret) => put(secret, next));
        known = next;
        shown = null;
      },
      onEvent(type, secret) {
        if (type === 'DELETED') {
          known.delete(secret.metadata.name);
          shown = null;
        } else {
          put(secret, known);
        }
      },
      onError,
    },
  );

  return {
    all() {
      shown ??= [...known.values()]
        .flatMap((entry) => ('repository' in entry ? [entry.repository] : []))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1));
      return shown;
    },
    refused: () => [...known.values()].flatMap((entry) => ('refused' in entry ? [entry.refused] : [])),
    run: (signal) => watch.run(signal),
    synced: () => watch.synced,
    watch: () => ({ ...watch.state(), kind: 'Repository' }),
    async add(repository, caller, pass) {
      const name = repositorySecretName(repository.name);
      const secret = encodeRepository(repository, namespace);
      try {
        const written = await kube.writing(pass).create(resourcePath(SECRETS, namespace), secret, { as: caller });
        put(written, known);
        const found = known.get(name);
        return found !== undefined && 'repository' in found ? found.repository : null;
      } catch (error) {
        if (hasStatus(error, 409)) {
          return null;
        }
        throw problemOf(error, { kind: 'Secret', namespace, name });
      }
    },
    async remove(repository, caller, pass) {
      const name = repositorySecretName(repository);
      if (!known.has(name)) {
        return false;
      }
      try {
        await kube.writing(pass).remove(resourcePath(SECRETS, namespace, name), {}, { as: caller });
      } catch (error) {
        if (!hasStatus(error, 404)) {
          throw problemOf(error, { kind: 'Secret', namespace, name });
        }
        known.delete(name);
        shown = null;
        return false;
      }
      known.delete(name);
      shown = null;
      return true;
    },
  };
}

/** A list holds no more than what repositories can be, whatever the Secrets hold. */
function createReducing(): (object: KubeObject) => KubeObject {
  let kept = 0;
  return (object) => {
    const { apiVersion, kind, metadata } = object;
    const { name, resourceVersion } = metadata;
    const small = { apiVersion, kind, metadata: { name, ...(resourceVersion !== undefined && { resourceVersion }) } };
    if (isOversized(object)) {
      return { ...small, [OVERSIZED]: true };
    }
    kept += 1;
    return kept > 2 * MAX_REPOSITORIES ? small : { ...small, data: object.data ?? null };
  };
}
