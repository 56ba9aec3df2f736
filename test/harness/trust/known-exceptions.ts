import type { KnownException } from './own-deeds.ts';

/** A list of labelled Secrets only, or a page of it. */
const CREDENTIALS =
  /\?labelSelector=walm\.io\/credential\+in\+\(repository,\+registry\)(&limit=\d+)?(&continue=[\w-]+)?$/;

/**
 * Requests that Walm makes in its own name outside its namespace, besides marks and the live view, each with the reason
 * why it gives no caller additional power.
 */
export const KNOWN_EXCEPTIONS: readonly KnownException[] = [
  {
    because:
      'a namespace keeps credentials of chart sources in Secrets that it labels for Walm; they are used for releases of that namespace, and told to nobody but the address that they name',
    is: ({ verb, resource, namespace, uri }) =>
      verb === 'list' && resource === 'secrets' && namespace !== '' && CREDENTIALS.test(decodeURIComponent(uri)),
  },
];
