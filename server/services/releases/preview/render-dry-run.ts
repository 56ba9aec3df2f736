import { readApplied } from '../../history/read-applied.ts';
import type { ReleaseRequest } from '../../../../contract/schemas/release-request.ts';
import type { Warning } from '../../../../contract/schemas/warning.ts';
import { RELEASES } from '../../../../contract/schemas/access.ts';
import { type AccessQuestion, questionOf } from '../../../domain/access/access-question.ts';
import type { Caller } from '../../../domain/access/caller.ts';
import { type SecretSources, whereSecretsAre } from '../../../domain/masking/collect-secrets.ts';
import type { findSecrets } from '../../../domain/masking/hide-layers.ts';
import { type Masker, maskerFrom, NO_SECRETS } from '../../../domain/masking/masker.ts';
import { maskWarnings, sourcesOfRevision } from '../../../domain/release/revision-secrets.ts';
import { type MemoryUnit, withMemoryUnit } from '../../../domain/metainfo/memory-unit.ts';
import { NEW_RELEASE, toEffectiveRequest } from '../../../domain/request/release-request.ts';
import type { JsonObject } from '../../../domain/json/json.ts';
import { namesChart } from '../../../domain/request/names-chart.ts';
import { shareOf, sharerOf } from '../../../domain/access/sharer.ts';
import type { EngineCall, ReleaseTarget } from '../../../ports/helm/engine-call.ts';
import type { HelmReader, JudgedChange } from '../../../ports/helm/helm-reader.ts';
import type { HelmRelease, ManifestDocument, ObjectRef, RenderedRelease } from '../../../ports/helm/helm-release.ts';
import type { Namespaces } from '../../../ports/cluster/namespaces.ts';
import type { Authorization } from '../../access/authorization.ts';
import type { ChartFacts } from '../../charts/chart-facts.ts';
import type { Dependent } from '../../dependencies/inject-dependencies.ts';
import type { PlacedJob } from '../../jobs/placed-job.ts';
import type { ResolveChart } from '../../charts/resolve-chart.ts';
import { admitNamespace } from '../../access/admit-namespace.ts';
import type { BuildRelease } from '../compose/build-release.ts';
import type { FindManaged } from '../observe/find-managed.ts';
import type { MergeUpgrade, MergedUpgrade } from '../compose/merge-upgrade.ts';
import { resolveRequest } from '../compose/resolve-request.ts';
import { refuseWarnings } from '../compose/refuse-warnings.ts';
import type { UploadedArchive } from '../../tasks/release-mutation.ts';
import type { RefuseOverQuota } from './refuse-over-quota.ts';
import { watchDocuments } from './watch-documents.ts';
import { maskError, withoutSecrets } from '../compose/without-secrets.ts';
import { isNameFree } from '../../../domain/revisions/history.ts';

export type RenderDryRunDeps = {
  engine: Pick<HelmReader, 'getRelease' | 'releaseHistory' | 'render'>;
  resolveChart: ResolveChart;
  mergeUpgrade: MergeUpgrade;
  chartFacts: (digest: string, call?: EngineCall) => Promise<ChartFacts>;
  namespaces: Pick<Namespaces, 'exists'>;
  authorization: Pick<Authorization, 'demand'>;
  buildRelease: BuildRelease;
  findSecrets: PlacedJob<Parameters<typeof findSecrets>[0], ReturnType<typeof findSecrets>>;
  memoryUnit: MemoryUnit;
  findManaged: FindManaged;
  refuseOverQuota: RefuseOverQuota;
  /** Unknown plugins are silently ignored, like in the original Walm (decision 22: compatibility). */
  ignoreUnknownPlugins: boolean;
};

export interface DryRunInput {
  readonly namespace: string;
  readonly request: ReleaseRequest;
  readonly archive?: UploadedArchive;
  readonly strict: boolean;
  /** Whether the API server validates every object. Absent: `client`. */
  readonly validate?: 'server' | 'client';
  /** The change that it judges. */
  readonly judged?: JudgedChange;
  /** The install would create a missing namespace. */
  readonly createNamespace?: boolean;
  /** Also return the documents as the chart rendered them. */
  readonly originals?: boolean;
  /** Absent: the release stays in its project; a new one is in none. */
  readonly membership?: { readonly project: string; readonly commonValues: JsonObject };
  /** Releases that are previewed together with this one. */
  readonly together?: Pick<Dependent, 'foretold' | 'isComing'>;
  readonly caller: Caller | null;
  readonly requestId: string;
}

/** What an install or upgrade would create. It contains secrets: mask what is shown. */
export interface DryRunRendering {
  /** Name of the release. */
  readonly name: string;
  /** The release that would be upgraded; null for an install. */
  readonly existing: HelmRelease | null;
  /** Masks its secrets, including those of its providers and of the present release. */
  readonly masker: Masker;
  /** Digest of the chart's archive. */
  readonly digest: string;
  readonly rendered: RenderedRelease;
  /** Version of the chart. */
  readonly chartVersion: string;
  /** Expressions by output name after the change. */
  readonly outputs: Record<string, string>;
  /** The objects as the chart rendered them, before any conversion (decision 38: old API versions are converted). */
  readonly originals: readonly ManifestDocument[];
  readonly warnings: readonly Warning[];
}

/**
 * Renders what an install, or for an existing release an upgrade, would create. Nothing is written.
 * @throws ProblemError FORBIDDEN if the caller may not create the release, or not update the existing one
 */
export type RenderDryRun = (given: DryRunInput, signal: AbortSignal) => Promise<DryRunRendering>;

export function createRenderDryRun(deps: RenderDryRunDeps): RenderDryRun {
  const { engine } = deps;

  /** The applied revision of an existing release; null if an install could use the name. */
  async function findExisting(target: ReleaseTarget, call: EngineCall): Promise<HelmRelease | null> {
    const history = await engine.releaseHistory(target, call);
    return isNameFree(history) ? null : readApplied(engine, target, history, call);
  }

  /** The request merged into the recorded facts, and the chart: the one it names, or the present one of the release. */
  async function merge(input: DryRunInput, existing: HelmRelease | null, call: EngineCall): Promise<MergedUpgrade> {
    const { membership } = input;
    if (existing !== null) {
      const origin = namesChart(input) ? (await deps.resolveChart(input, call)).origin : null;
      const written = await deps.findManaged(existing, input.caller, call);
      return deps.mergeUpgrade(
        {
          request: input.request,
          origin,
          current: existing,
          written,
          caller: input.caller,
          ...(membership && { membership }),
        },
        call,
      );
    }
    const { origin } = await deps.resolveChart(input, call);
    const chart = await deps.chartFacts(origin.digest, call);
    const { request, warnings } = resolveRequest(
      input.request,
      { chart, origin },
      { ...NEW_RELEASE, project: membership?.project ?? '' },
      deps.ignoreUnknownPlugins,
    );
    const recorded = { ...NEW_RELEASE, ...membership };
    const effective = toEffectiveRequest(request, input.namespace, recorded, chart.metainfo?.plugins);
    return { effective, chart, origin, former: null, warnings };
  }

  return async function renderDryRun(given, signal) {
    const input = { ...given, request: withMemoryUnit(given.request, deps.memoryUnit) };
    const { namespace, caller: identity, requestId, strict } = input;
    const { name } = toEffectiveRequest(input.request, namespace);
    const call = { signal, requestId, sharer: sharerOf(identity, namespace) };
    const target = { identity, namespace, name };
    const [exists, existing] = await Promise.all([deps.namespaces.exists(namespace), findExisting(target, call)]);
    // Only here is it known which of the two it would be.
    await deps.authorization.demand(identity, [rightTo(existing === null ? 'create' : 'update', namespace, name)]);
    const { createNamespace = false } = input;
    await admitNamespace(deps.authorization, { namespace, exists, createNamespace, caller: identity });
    const merged = await merge(input, existing, call);
    const { origin } = merged;
    const {
      warnings: composing,
      secrets,
      masker: known,
      ...content
    } = await deps.buildRelease({
      ...merged,
      namespace,
      caller: identity,
      ...(existing !== null && { recorded: existing.objects }),
      dependencyRules: {
        ...(merged.former && { former: merged.former }),
        ...input.together,
      },
    });
    const maskerOf = async (source: SecretSources): Promise<Masker> => {
      const found = await deps.findSecrets({ sources: [whereSecretsAre(source)] }, shareOf(identity));
      return maskerFrom(found.secrets);
    };
    const former = existing === null ? NO_SECRETS : await maskerOf(sourcesOfRevision(existing, secrets));
    const warnings = maskWarnings([...merged.warnings, ...composing], known.and(former));
    refuseWarnings(warnings, strict);
    const seen = input.originals ? watchDocuments(content.transform) : undefined;
    const order = {
      ...target,
      ...content,
      chart: origin.digest,
      isUpgrade: existing !== null,
      ...(input.judged?.crds !== undefined && { crds: input.judged.crds }),
      ...(input.validate === 'server' && { validate: true, ...input.judged }),
      ...(seen !== undefined && { transform: seen.transform }),
    };
    const rendered = await withoutSecrets(known.and(former), () => engine.render(order, call));
    const { computedValues, documents, hooks } = rendered;
    const objects = [...documents, ...hooks];
    const names = [namespace, name, merged.chart.name, ...objects.flatMap((one) => [one.kind, one.name])];
    const made = await maskerOf({ values: computedValues, rules: secrets, objects, names });
    const masker = made.and(known, former);
    if (input.validate === 'server') {
      const there = [...(existing?.objects ?? []), ...takenOver(rendered)];
      await deps.refuseOverQuota({ made: documents, there }, identity, call).catch((error: unknown) => {
        throw maskError(error, masker);
      });
    }
    return {
      name,
      existing,
      masker,
      digest: origin.digest,
      rendered,
      chartVersion: merged.chart.version,
      outputs: { ...merged.chart.metainfo?.outputs, ...merged.effective.outputs },
      originals: seen?.documents() ?? rendered.documents,
      warnings: maskWarnings([...warnings, ...rendered.warnings.filter(isNews)], masker),
    };
  };
}

/** The right on the release that would be installed or upgraded. */
function rightTo(verb: 'create' | 'update', namespace: string, name: string): AccessQuestion {
  return questionOf({ verb, ...RELEASES }, namespace, name);
}

/** Objects that are there and become the release's. */
function takenOver({ warnings }: RenderedRelease): ObjectRef[] {
  return warnings.flatMap(({ code, object }) => (code === 'OBJECT_TAKEN_OVER' && object ? [object] : []));
}

/** A missing namespace was reported before. */
function isNews({ code }: Warning): boolean {
  return code !== 'NAMESPACE_NOT_FOUND';
}
