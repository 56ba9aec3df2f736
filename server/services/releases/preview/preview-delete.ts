import type { ChangePreview, ObjectFate } from '../../../../contract/operations/parts/change-preview.ts';
import { convertTransform } from '../../../domain/api-upgrade/convert-transform.ts';
import { ProblemError } from '../../../domain/errors/problem-error.ts';
import { claimPatterns, claimsOf } from '../../../domain/release/release-claims.ts';
import { releaseKey } from '../../../domain/names/release-key.ts';
import type { Claims } from '../../../ports/cluster/claims.ts';
import type { HelmReader } from '../../../ports/helm/helm-reader.ts';
import { type RevisionReading, targetOf } from '../../history/read-revision.ts';
import type { RefuseDependents } from '../../dependencies/refuse-dependents.ts';
import type { DeleteInput } from '../../tasks/release-mutation.ts';
import { type Before, type Foreseen, type PreviewDeps, previewChange } from './preview-change.ts';
import { fateOf, hooksOn, podsOf, refusalOf, toldRefusal } from './preview-parts.ts';

export type PreviewDeleteDeps = PreviewDeps & {
  engine: Pick<HelmReader, 'foretellRemoval' | 'getRelease'>;
  claims: Pick<Claims, 'list'>;
  refuseDependents: RefuseDependents;
};

const NOTHING: ChangePreview = {
  revision: 0,
  objects: [],
  hooks: [],
  dependents: [],
  hiddenDependents: 0,
  warnings: [],
};

/**
 * Previews a delete: the engine judges each object by the same rule as the deletion itself. Nothing is written.
 * @throws ProblemError RELEASE_NOT_FOUND unless `ignoreNotFound`, REVISION_MISMATCH, and what reading throws
 */
export type PreviewDelete = (input: DeleteInput, signal: AbortSignal) => Promise<ChangePreview>;

export function createPreviewDelete(deps: PreviewDeleteDeps): PreviewDelete {
  const { engine, claims, live } = deps;

  return async function previewDelete(input, signal) {
    try {
      return await previewChange(deps, input, signal, (before) => foresee(input, before, signal));
    } catch (error) {
      if (input.ignoreNotFound && error instanceof ProblemError && error.code === 'RELEASE_NOT_FOUND') {
        return { ...NOTHING, warnings: [...input.options.warnings] };
      }
      throw error;
    }
  };

  async function foresee(
    input: DeleteInput,
    { reading, history, revision }: Before,
    signal: AbortSignal,
  ): Promise<Foreseen> {
    const call = { signal, requestId: reading.requestId };
    const [foretold, refused, claimed] = await Promise.all([
      engine.foretellRemoval({ ...targetOf(reading), transform: { run: convertTransform, always: false } }, call),
      refusalOf(async () => {
        if (!input.force) {
          await deps.refuseDependents([releaseKey(input.namespace, input.release)], reading.caller);
        }
      }),
      claimFates(
        reading,
        history.map((one) => one.revision),
        { isWanted: input.deletePvcs, signal },
      ),
    ]);
    const objects = foretold.objects.flatMap(({ object, outcome, reason }) => [
      fateOf(object, outcome, reason || 'it belongs to the release'),
      ...(outcome === 'deleted' ? podsOf(live, input, object) : []),
    ]);
    return {
      ...(refused !== undefined
        ? { refused }
        : foretold.refused !== undefined && { refused: toldRefusal(foretold.refused) }),
      objects: [...objects, ...claimed],
      hooks: hooksOn(revision, 'pre-delete', 'post-delete'),
      warnings: foretold.warnings,
    };
  }

  /** The claims that StatefulSets of any stored revision created (decision 37: deletePvcs). */
  async function claimFates(
    reading: RevisionReading,
    kept: readonly number[],
    { isWanted, signal }: { isWanted: boolean; signal: AbortSignal },
  ): Promise<ObjectFate[]> {
    const call = { signal, requestId: reading.requestId };
    const revisions = await Promise.all(kept.map((revision) => engine.getRelease(targetOf(reading), revision, call)));
    const patterns = claimPatterns(revisions.flatMap((revision) => revision?.objects ?? []));
    if (patterns.length === 0) {
      return [];
    }
    const { namespace, caller } = reading;
    return claimsOf(patterns, await claims.list(namespace, caller)).map(({ name, kept: isKept }) => {
      const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name };
      return isKept
        ? fateOf(claim, 'kept', 'its resource policy says that it is kept')
        : isWanted
          ? fateOf(claim, 'deleted', 'deletePvcs=true')
          : fateOf(claim, 'kept', 'claims of StatefulSets stay without deletePvcs=true');
    });
  }
}
