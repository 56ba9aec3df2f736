import { cutName } from '../../../domain/bounds/cut-name.ts';
import { problem } from '../../../domain/errors/problem-error.ts';
import { shownLabels } from '../../../domain/masking/shown-release.ts';
import { releaseKey, type ReleaseKey } from '../../../domain/names/release-key.ts';
import type { ReleaseRecord } from '../../../domain/release/release-record.ts';
import type { ReleaseCache } from '../../../ports/storage/release-cache.ts';
import { onlySeen, type VisibleNamespaces } from '../../access/visible-namespaces.ts';
import { readSelector } from '../query/read-selector.ts';

/** Which releases: those that a label selector matches, or those that are named. */
export interface ReleaseChoice {
  /** Undefined means all namespaces. */
  readonly namespace: string | undefined;
  /** Kubernetes label selector. */
  readonly selector: string | undefined;
  /** `namespace/name`, separated by commas. */
  readonly releases: string | undefined;
  /** Maximum number of releases. */
  readonly limit: number;
  /** Namespaces in which the selector is evaluated; access to every release is checked in addition. */
  readonly visible: VisibleNamespaces | null;
}

/** A release that was chosen; `record` is undefined if it was named and is not there. */
export interface ChosenRelease {
  readonly namespace: string;
  readonly name: string;
  readonly key: ReleaseKey;
  readonly record: ReleaseRecord | undefined;
}

/**
 * The releases of a choice, sorted by namespace and name.
 * @throws ProblemError QUERY_INVALID, TOO_MANY_RELEASES
 */
export async function selectReleases(
  cache: Pick<ReleaseCache, 'get' | 'list'>,
  choice: ReleaseChoice,
): Promise<ChosenRelease[]> {
  const { selector, releases, limit } = choice;
  if (selector !== undefined && releases !== undefined) {
    throw problem('QUERY_INVALID', 'labelselector and releases are two ways to name the releases: take one of them', {
      parameter: 'releases',
    });
  }
  const found = releases === undefined ? await matching(cache, choice) : await named(cache, releases, choice);
  if (found.length > limit) {
    const message = `${found.length} releases match, and at most ${limit} may be changed`;
    throw problem('TOO_MANY_RELEASES', message, { num: found.length, limit });
  }
  return found;
}

async function matching(
  cache: Pick<ReleaseCache, 'list'>,
  { namespace, selector = '', visible }: ReleaseChoice,
): Promise<ChosenRelease[]> {
  const matches = readSelector(selector);
  if (matches === undefined) {
    throw problem('QUERY_INVALID', 'labelselector is empty: name the releases', { parameter: 'labelselector' });
  }
  const all = (await cache.list(namespace)).filter(({ facts, masker }) =>
    matches(shownLabels(facts?.labels ?? {}, masker)),
  );
  const seen = await onlySeen(visible, all);
  return seen.map((record) => ({ namespace: record.namespace, name: record.name, key: record.key, record }));
}

/** Who may not list releases may still change one that it names. */
async function named(
  cache: Pick<ReleaseCache, 'get'>,
  releases: string,
  { namespace: within, limit }: ReleaseChoice,
): Promise<ChosenRelease[]> {
  const names = [...new Set(releases.split(',').map((one) => one.trim()))].toSorted();
  if (names.length > limit) {
    const message = `${names.length} releases are named, and at most ${limit} may be changed`;
    throw problem('TOO_MANY_RELEASES', message, { num: names.length, limit });
  }
  return Promise.all(
    names.map(async (text) => {
      const [namespace = '', name = '', ...more] = text.split('/');
      if (namespace === '' || name === '' || more.length > 0 || (within !== undefined && within !== namespace)) {
        const reason = within === undefined ? 'is not namespace/name' : `is not of the form ${within}/name`;
        throw problem('QUERY_INVALID', `${cutName(text)} in releases ${reason}`, { parameter: 'releases' });
      }
      const key = releaseKey(namespace, name);
      return { namespace, name, key, record: await cache.get(key) };
    }),
  );
}
