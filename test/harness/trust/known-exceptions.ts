import type { KnownException } from './own-deeds.ts';

const ARCHIVE = /^walm-chart-[0-9a-f]{64}-\d+-of-\d+$/;

/** What Walm does in its own name outside its namespace beside marks, each with the reason why that lends nobody power. */
export const KNOWN_EXCEPTIONS: readonly KnownException[] = [
  {
    because:
      'archives of charts lie beside the releases; they are named by the digest of their bytes, checked against it whenever they are read, and hold what the caller sent',
    is: ({ verb, resource, name }) =>
      resource === 'secrets' && (verb === 'create' || verb === 'delete') && ARCHIVE.test(name),
  },
];

/** A Secret of a release's own namespace that its owner publishes a key of: outputs are evaluated in Walm's name. */
export function publishedSecret(namespace: string, name: string): KnownException {
  return {
    because: 'the owner of the release publishes a key of it, which those who may get the release take',
    is: (event) =>
      event.verb === 'get' && event.resource === 'secrets' && event.namespace === namespace && event.name === name,
  };
}

/** Until what Walm begins by itself is done as whoever made the release what it is. */
export function reinjectionOf(namespace: string, release: string): KnownException {
  return {
    because: 're-injection still acts in the name of Walm',
    is: (event) =>
      event.namespace === namespace &&
      (event.name === release || event.name.startsWith(`sh.helm.release.v1.${release}.v`)),
  };
}
