import type { Logger } from 'pino';
import { createKubeRepositoryStore } from '../../adapters/kube/storage/repository-store.ts';
import {
  createKubeTaskStore,
  type KubeTaskStore,
  type KubeTaskStoreDeps,
} from '../../adapters/kube/storage/task-store.ts';
import type { RepositoryAdapter } from '../../ports/gate/gated-adapters.ts';

export interface OwnStoresDeps extends Pick<KubeTaskStoreDeps, 'kube' | 'clock' | 'random' | 'namespace' | 'seal'> {
  /** What is called for each failed attempt of a part. */
  readonly retried: (part: string) => (error: unknown) => void;
  readonly log: Logger;
}

/** What Walm keeps in Secrets of its own namespace; the log names those that are none of its own. */
export function createOwnStores({ seal, retried, log, ...watching }: OwnStoresDeps): {
  tasks: KubeTaskStore;
  repositories: RepositoryAdapter;
} {
  const ignored =
    (part: string, what: string) =>
    ({ name, reason }: { readonly name: string; readonly reason: string }) =>
      log.warn(
        { part, secret: `${watching.namespace}/${name}`, reason },
        `ignoring a Secret that is not a valid ${what}`,
      );
  return {
    tasks: createKubeTaskStore({ ...watching, seal, onError: retried('tasks'), onRefused: ignored('tasks', 'task') }),
    repositories: createKubeRepositoryStore({
      ...watching,
      onError: retried('repositories'),
      onRefused: ignored('repositories', 'repository'),
    }),
  };
}
