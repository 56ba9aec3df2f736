import type { AffectedDependent } from '../../../../contract/schemas/object-difference.ts';
import type { Warning } from '../../../../contract/schemas/warning.ts';
import type { Caller } from '../../../domain/access/caller.ts';
import { changedOutputs, dependencyEntries } from '../../../domain/dependencies/dependency-status.ts';
import { dependentsOf } from '../../../domain/dependencies/dependents.ts';
import { releaseKey } from '../../../domain/names/release-key.ts';
import type { DigestKey } from '../../../ports/storage/digest-key.ts';
import type { ReleaseCache } from '../../../ports/storage/release-cache.ts';
import type { Authorization } from '../../access/authorization.ts';
import { onlySeen } from '../../access/visible-namespaces.ts';
import { outputDigests } from '../../dependencies/read-provider.ts';
import type { OutputsAfter } from './outputs-after.ts';
import type { DryRunRendering } from './render-dry-run.ts';

export type PreviewDependentsDeps = {
  cache: Pick<ReleaseCache, 'list'>;
  outputsAfter: OutputsAfter;
  digestKey: DigestKey;
  authorization: Pick<Authorization, 'visibleTo'>;
};

/** Dependents that the caller may list, and the number of the others. */
export type ToldDependents = { dependents: AffectedDependent[]; hidden: number };

/**
 * Returns which releases would be upgraded after an upgrade, because outputs they use would change; Secrets are read as
 * the caller. Sorted as in the cache, each with the names of the outputs. An install has no dependents to upgrade.
 */
export type PreviewDependents = (dryRunRendering: DryRunRendering, caller: Caller | null) => Promise<ToldDependents>;

export function createPreviewDependents({
  cache,
  outputsAfter,
  digestKey,
  authorization,
}: PreviewDependentsDeps): PreviewDependents {
  return async function previewDependents(rendering, caller) {
    const { existing } = rendering;
    if (existing === null) {
      return { dependents: [], hidden: 0 };
    }
    const { namespace, name: release } = existing;
    const key = releaseKey(namespace, release);
    const dependents = dependentsOf(key, await cache.list());
    if (dependents.length === 0) {
      return { dependents: [], hidden: 0 };
    }
    const { values: published } = await outputsAfter(existing, rendering, caller);
    const digests = outputDigests(await digestKey.read(), published);
    const affected = dependents.flatMap((record) =>
      dependencyEntries(record)
        .filter(({ provider }) => provider === key)
        .map((entry) => ({
          namespace: record.namespace,
          name: record.name,
          key: entry.key,
          outputs: changedOutputs(entry.injected, digests),
        }))
        .filter((one) => one.outputs.length > 0),
    );
    const seen = await onlySeen(authorization.visibleTo(caller), affected);
    return { dependents: [...seen], hidden: affected.length - seen.length };
  };
}

/** The dependents as warnings, for answers that have no other field for them. */
export function dependentWarnings({ dependents, hidden }: ToldDependents): Warning[] {
  const named = dependents.map(({ namespace, name, key, outputs }) => ({
    code: 'DEPENDENT_WOULD_UPGRADE',
    message: `${namespace}/${name} would be upgraded: its dependency ${key} would give it other ${outputs.join(', ')}`,
  }));
  const message = `${hidden} more would be upgraded, of releases that you may not list`;
  return hidden === 0 ? named : [...named, { code: 'DEPENDENT_WOULD_UPGRADE', message }];
}
