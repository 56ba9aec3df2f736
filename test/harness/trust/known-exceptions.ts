import type { KnownException } from './own-deeds.ts';

/** A list of what is labelled, and of nothing else. */
const CREDENTIALS = /\?labelSelector=walm\.io\/credential\+in\+\(repository,\+registry\)$/;

/** What Walm does in its own name outside its namespace beside marks and the view, with the reason why that lends nobody power. */
export const KNOWN_EXCEPTIONS: readonly KnownException[] = [
  {
    because:
      'a namespace keeps credentials of chart sources in Secrets that it labels for Walm; they are used for releases of that namespace, and told to nobody but the address that they name',
    is: ({ verb, resource, namespace, uri }) =>
      verb === 'list' && resource === 'secrets' && namespace !== '' && CREDENTIALS.test(decodeURIComponent(uri)),
  },
];
