import { createNameLinks } from '../../domain/indexes/name-links.ts';
import type { SecretChanges } from '../../ports/cluster/secret-changes.ts';

/** A cluster's Secrets, of which it is said when they change. */
export type MemorySecretChanges = SecretChanges & {
  /** Tells of the Secret, `namespace/name`, if somebody follows it. */
  change(secret: string): void;
};

/** Nothing is followed. */
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
