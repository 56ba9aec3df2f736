import type { ChangePreview, ObjectFate } from '../../../../contract/operations/parts/change-preview.ts';
import type { Warning } from '../../../../contract/schemas/warning.ts';
import { convertTransform } from '../../../domain/api-upgrade/convert-transform.ts';
import { revisionNotFound } from '../../../domain/errors/release-problems.ts';
import { placeOf } from '../../../domain/kube/kube-object.ts';
import { maskReference } from '../../../domain/masking/mask-reference.ts';
import { sharerOf } from '../../../domain/access/sharer.ts';
import { differObjects } from '../../../domain/history/object-difference.ts';
import { readReleaseFacts } from '../../../domain/release/release-facts.ts';
import { appliedBefore } from '../../../domain/revisions/applied-revision.ts';
import type { HelmReader } from '../../../ports/helm/helm-reader.ts';
import type { HelmRelease } from '../../../ports/helm/helm-release.ts';
import { targetOf } from '../../history/read-revision.ts';
import type { RollbackInput } from '../../tasks/release-mutation.ts';
import type { FindManaged } from '../observe/find-managed.ts';
import { type Before, type Foreseen, type PreviewDeps, previewChange } from './preview-change.ts';
import type { ForetellRollback } from './foretell-rollback.ts';
import { fateOf, podsOf, toldRefusal } from './preview-parts.ts';

export type PreviewRollbackDeps = PreviewDeps & {
  engine: Pick<HelmReader, 'foretellRemoval'>;
  findManaged: FindManaged;
  foretellRollback: ForetellRollback;
};

/**
 * Previews a rollback: how the objects would change, what would happen to objects that it lacks, and what the cluster
 * would refuse. Nothing is written.
 * @throws ProblemError RELEASE_NOT_FOUND, REVISION_NOT_FOUND, REVISION_MISMATCH, and what reading throws
 */
export type PreviewRollback = (input: RollbackInput, signal: AbortSignal) => Promise<ChangePreview>;

export function createPreviewRollback(deps: PreviewRollbackDeps): PreviewRollback {
  const { reader, engine, live } = deps;

  return function previewRollback(input, signal) {
    return previewChange(deps, input, signal, (before) => foresee(input, before, signal));
  };

  async function foresee(input: RollbackInput, before: Before, signal: AbortSignal): Promise<Foreseen> {
    const { reading, history, revision: newest } = before;
    const wanted = input.revision || appliedBefore(history.toReversed(), history[0]?.revision ?? 0)?.revision;
    if (wanted === undefined) {
      const kept = history.map(({ revision }) => revision);
      throw revisionNotFound(input, 0, kept);
    }
    const goal = await reader.read(reading, wanted, signal);
    const call = { signal, requestId: reading.requestId, sharer: sharerOf(reading.caller, reading.namespace) };
    const after = await deps.foretellRollback({
      current: newest,
      written: await deps.findManaged(newest, reading.caller, call),
      base: goal.revision,
      caller: reading.caller,
      unattended: false,
      warnings: input.options.warnings,
      call,
    });
    const masker = before.secrets.masker.and(goal.secrets.masker, after.masker);
    const foretold = await engine.foretellRemoval(
      {
        ...targetOf(reading),
        ...after.judge,
        except: wanted,
        transform: { run: convertTransform, always: false },
      },
      call,
    );
    const refused = after.refused ?? (foretold.refused && toldRefusal(foretold.refused));
    const changes = differObjects(newest.objects, after.objects, masker);
    const changed = changes.flatMap((one): ObjectFate[] => {
      switch (one.change) {
        case 'added':
          return [fateOf(one, 'created', `revision ${wanted} has it`)];
        case 'changed':
          return [fateOf(one, 'changed', `revision ${wanted} has it otherwise`, one.differences)];
        case 'removed':
        case 'kept':
          return [];
        default:
          return one.change satisfies never;
      }
    });
    const named = new Set(changes.map(placeOf));
    const same = after.objects
      .filter((document) => !named.has(placeOf(maskReference(document, masker))))
      .map((document) => fateOf(document, 'kept', 'it is the same in both revisions'));
    const removed = foretold.objects.flatMap(({ object, outcome, reason }) => [
      fateOf(object, outcome, reason || `revision ${wanted} does not have it`),
      ...(outcome === 'deleted' ? podsOf(live, input, object) : []),
    ]);
    return {
      ...(refused && { refused }),
      objects: [...changed, ...removed, ...same],
      hooks: input.hooks === false ? [] : [...after.hooks],
      warnings: [...after.warnings, ...foretold.warnings, ...staying(newest)],
      masker,
    };
  }
}

/** Facts that a rollback does not change (decision 36: rollback), and that the comparison therefore ignores. */
function staying({ releaseConfig }: HelmRelease): Warning[] {
  const facts = readReleaseFacts(releaseConfig);
  const isFed = Object.keys(facts?.dependencies ?? {}).length > 0;
  return [
    ...(facts?.pause
      ? [{ code: 'STAYS_PAUSED', message: 'the release stays paused: what would run gets no replicas' }]
      : []),
    ...(isFed
      ? [
          {
            code: 'OUTPUTS_OF_NOW',
            message:
              'what it takes of other releases is what they publish now: the chart is rendered again where that differs',
          },
        ]
      : []),
  ];
}
