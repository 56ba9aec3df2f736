import type { ChangePreview } from '../../../../contract/operations/parts/change-preview.ts';
import type { Warning } from '../../../../contract/schemas/warning.ts';
import { ProblemError } from '../../../domain/errors/problem-error.ts';
import { type Masker, NO_SECRETS } from '../../../domain/masking/masker.ts';
import { isOwnConfig, RELEASE_CONFIG } from '../../../domain/release/release-config.ts';
import type { EngineCall } from '../../../ports/helm/engine-call.ts';
import type { ForetellRequest, HelmReader } from '../../../ports/helm/helm-reader.ts';
import type { HelmRelease, ManifestDocument, ObjectRef } from '../../../ports/helm/helm-release.ts';
import type { PlanRollback, RollbackBasis, RollbackPlan } from '../compose/plan-rollback.ts';
import { maskError } from '../compose/without-secrets.ts';
import { hooksOn, toldRefusal } from './preview-parts.ts';
import type { RefuseOverQuota } from './refuse-over-quota.ts';

export type ForetellRollbackDeps = {
  engine: Pick<HelmReader, 'render'>;
  planRollback: PlanRollback;
  refuseOverQuota: RefuseOverQuota;
};

/** What a rollback would apply, and what it would be refused for before that. */
export type ForetoldRollback = {
  /** The objects of the release afterwards; those of the revision if the rollback is refused. */
  objects: readonly ManifestDocument[];
  hooks: readonly ObjectRef[];
  /** What the cluster has to judge. */
  judge: Pick<ForetellRequest, 'applied' | 'rendered'>;
  warnings: readonly Warning[];
  masker: Masker;
  refused?: NonNullable<ChangePreview['refused']>;
};

/**
 * Foretells what a rollback would apply, as it is planned for the rollback itself: the documents of the revision, or
 * what its chart renders with the outputs of now, which the cluster judges. Nothing is written.
 * @throws ProblemError that a repetition may help against: CLUSTER_UNREACHABLE, ENGINE_STOPPED, …
 */
export type ForetellRollback = (basis: RollbackBasis) => Promise<ForetoldRollback>;

export function createForetellRollback({
  engine,
  planRollback,
  refuseOverQuota,
}: ForetellRollbackDeps): ForetellRollback {
  return async function foretellRollback(basis) {
    const { base } = basis;
    let masker = NO_SECRETS;
    try {
      const plan = await planRollback(basis);
      ({ masker } = plan);
      const after = plan.how === 'restore' ? await restored(base, plan) : await rendered(basis, plan, basis.call);
      const sides = { made: after.objects, there: basis.current.objects };
      await refuseOverQuota(sides, basis.caller, basis.call);
      return { ...after, masker, warnings: [...plan.warnings, ...after.warnings] };
    } catch (error) {
      const told = maskError(error, masker);
      if (!(told instanceof ProblemError) || told.status >= 500) {
        throw told;
      }
      const hooks = hooksOn(base, 'pre-rollback', 'post-rollback');
      return { objects: base.objects, hooks, judge: {}, warnings: [], masker, refused: toldRefusal(told) };
    }
  };

  /** The cluster judges what the chart renders. */
  async function rendered(
    { base, caller: identity }: RollbackBasis,
    { content }: Extract<RollbackPlan, { how: 'render' }>,
    call: EngineCall,
  ): Promise<Omit<ForetoldRollback, 'masker'>> {
    const { namespace, name } = base;
    const judging = { isUpgrade: true, validate: true, forceConflicts: true };
    const { documents, hooks, warnings } = await engine.render(
      { identity, namespace, name, ...content, ...judging },
      call,
    );
    const events = new Set(['pre-upgrade', 'post-upgrade']);
    return {
      objects: documents,
      hooks: hooks.filter(({ hook }) => hook?.events.some((event) => events.has(event))),
      judge: { applied: documents.map(({ object }) => object), rendered: true },
      warnings,
    };
  }
}

/**
 * The documents of the revision with what is of now: Walm's own object, and the pause. API versions that the cluster
 * does not serve any more are converted where the cluster judges them.
 */
async function restored(
  base: HelmRelease,
  { content: { transform, releaseConfig } }: Extract<RollbackPlan, { how: 'restore' }>,
): Promise<Omit<ForetoldRollback, 'masker'>> {
  const origin = { recorded: true, compared: false, served: () => true };
  const { changed } = await transform.run(base.objects, origin);
  const changes = new Map(changed.map(({ index, object }) => [index, object]));
  const documents = base.objects.flatMap((document) => {
    const object = changes.get(document.index) ?? document.object;
    return isOwnConfig(base, document) ? [] : [{ ...document, object }];
  });
  const { namespace, name } = base;
  const index = Math.max(-1, ...base.objects.map((one) => one.index)) + 1;
  const own = { index, source: '', ...RELEASE_CONFIG, namespace, name, object: releaseConfig ?? {} };
  const altered = documents.filter(({ index }) => changes.has(index));
  return {
    objects: [...documents, own],
    hooks: hooksOn(base, 'pre-rollback', 'post-rollback'),
    judge: { applied: [...altered, own].map(({ object }) => object) },
    warnings: [],
  };
}
