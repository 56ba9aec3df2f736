import { createNameLinks } from '../../domain/indexes/name-links.ts';
import type { SecretChanges } from '../../ports/cluster/secret-changes.ts';

/** The Secrets of a cluster, with changes triggered by a test. */
export type MemorySecretChanges = SecretChanges & {
  /** Reports the Secret, `namespace/name`, as changed if it is followed. */
  change(secret: string): void;
};

/** Nothing is followed at first. */
export function createMemorySecretChanges(): MemorySecretChanges {
  const followed = createNameLinks();
  const listeners = new Set<(namespace: string, name: string) => void>();
  return {
    follow: (follower, secrets) => followed.replace(follower, secrets),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    change(secret) {
      if (followed.has(secret)) {
        const [namespace = '', name = ''] = secret.split('/');
        listeners.forEach((listener) => listener(namespace, name));
      }
    },
  };
}
