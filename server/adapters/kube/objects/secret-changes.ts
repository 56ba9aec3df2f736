import { createNameLinks } from '../../../domain/indexes/name-links.ts';
import type { SecretChanges } from '../../../ports/cluster/secret-changes.ts';
import type { WatchState } from '../../../ports/cluster/watch-state.ts';
import { CHUNK_TYPE } from '../storage/chart-archives.ts';
import { HELM_MANAGED } from '../watch/kind-watch.ts';
import type { ObjectWatch, ObjectWatchDeps } from '../watch/object-watch.ts';
import { createScopedWatch, type WatchScope } from '../watch/scoped-watch.ts';
import { TASK_SECRET_TYPE } from '../storage/task-secret.ts';
import { RECORD_SECRET_TYPE } from '../../../domain/names/helm-record-name.ts';

/** Changes of Secrets, and the watch that notices them. */
export type KubeSecretChanges = SecretChanges & {
  /** Watches while anything is followed, until the signal is aborted; never rejects. */
  run(signal: AbortSignal): Promise<void>;
  /** Null while nothing is followed: then nothing is watched. */
  watch(): WatchState | null;
};

const NOT_HELM_MANAGED = HELM_MANAGED.replace('=', '!=');
/** The many large Secrets that no outputs are taken from. */
const NOT_RECORDS = [RECORD_SECRET_TYPE, CHUNK_TYPE, TASK_SECRET_TYPE].map((type) => `type!=${type}`).join(',');

/**
 * Watches the metadata of Secrets not managed by Helm in the namespaces of `scope`, by one watch of the cluster or one
 * per namespace, however many Secrets are followed; Secrets of Helm are in the live view. Only the versions of followed
 * Secrets are kept.
 */
export function createKubeSecretChanges(
  deps: ObjectWatchDeps & { scope: WatchScope; onError?: (error: unknown) => void },
): KubeSecretChanges {
  const followed = createNameLinks();
  const versions = new Map<string, string>();
  const listeners = new Set<(namespace: string, name: string) => void>();
  let watching: ObjectWatch | null = null;
  let wake = () => {};
  const isWanted = () => followed.targets().length > 0;

  function tell(secret: string): void {
    const [namespace = '', name = ''] = secret.split('/');
    listeners.forEach((listener) => listener(namespace, name));
  }

  /** Changes between two lists were missed; a Secret that was unknown before may have changed too. */
  function compare(found: ReadonlyMap<string, string | undefined>, namespace: string | undefined): void {
    const isListed = (secret: string) => namespace === undefined || secret.startsWith(`${namespace}/`);
    for (const secret of followed.targets().filter(isListed)) {
      const [before, now] = [versions.get(secret), found.get(secret)];
      note(secret, now);
      if (now === undefined || now !== before) {
        tell(secret);
      }
    }
  }

  function hear(secret: string, version: string | undefined): void {
    if (followed.has(secret)) {
      note(secret, version);
      tell(secret);
    }
  }

  /** Undefined: the Secret is gone. */
  function note(secret: string, version: string | undefined): void {
    if (version === undefined) {
      versions.delete(secret);
    } else {
      versions.set(secret, version);
    }
  }

  function createWatch(): ObjectWatch {
    versions.clear();
    return createScopedWatch(
      deps,
      deps.scope,
      {
        apiVersion: 'v1',
        kind: 'Secret',
        type: { group: '', version: 'v1', plural: 'secrets' },
        labelSelector: NOT_HELM_MANAGED,
        fieldSelector: NOT_RECORDS,
        metadataOnly: true,
      },
      {
        onReplace: (all, namespace) =>
          compare(new Map(all.map(({ metadata }) => [nameOf(metadata), metadata.resourceVersion])), namespace),
        onEvent: (type, { metadata }) =>
          hear(nameOf(metadata), type === 'DELETED' ? undefined : metadata.resourceVersion),
        ...(deps.onError && { onError: deps.onError }),
      },
    );
  }

  async function until(isSo: () => boolean, signal: AbortSignal): Promise<void> {
    while (!isSo() && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      signal.addEventListener('abort', wake, { once: true });
      await promise;
      signal.removeEventListener('abort', wake);
    }
  }

  return {
    follow(follower, secrets) {
      followed.replace(follower, secrets);
      wake();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    watch: () => (watching === null ? null : { ...watching.state(), kind: 'Secret of an output' }),
    async run(signal) {
      while (!signal.aborted) {
        await until(isWanted, signal);
        const enough = new AbortController();
        watching = createWatch();
        const run = watching.run(AbortSignal.any([signal, enough.signal]));
        await until(() => !isWanted(), signal);
        enough.abort();
        await run;
        watching = null;
      }
    },
  };
}

function nameOf({ namespace = '', name }: { namespace?: string; name: string }): string {
  return `${namespace}/${name}`;
}
