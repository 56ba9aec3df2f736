import type { ReleaseRequest } from '../../../contract/release-request.ts';
import type { Warning } from '../../../contract/warning.ts';
import type { Caller } from '../../domain/caller.ts';
import type { ChartOrigin } from '../../domain/chart-origin.ts';
import { isNameFree } from '../../domain/install-plan.ts';
import { asObject, asString, valueAt } from '../../domain/json-reading.ts';
import { problem } from '../../domain/problem-error.ts';
import { readRecordedRequest } from '../../domain/recorded-request.ts';
import { toEffectiveRequest } from '../../domain/release-request.ts';
import type { EngineCall, HelmEngine, ReleaseTarget } from '../../ports/helm-engine.ts';
import type { HelmRelease, ManifestDocument, RenderedRelease } from '../../ports/helm-release.ts';
import type { Namespaces } from '../../ports/namespaces.ts';
import type { ChartFacts } from '../charts/chart-facts.ts';
import type { createResolveChart } from '../charts/resolve-chart.ts';
import type { createComposeRelease } from './compose-release.ts';
import type { createFindWritten } from './find-written.ts';
import { prepareRequest } from './prepare-request.ts';
import { refuseWarnings } from './refuse-warnings.ts';
import type { UploadedArchive } from './release-mutation.ts';
import { withoutSecrets } from './without-secrets.ts';

export type RenderDryRunDeps = {
  engine: Pick<HelmEngine, 'getRelease' | 'releaseHistory' | 'render'>;
  resolveChart: ReturnType<typeof createResolveChart>;
  restoreArchive: (namespace: string, digest: string) => Promise<void>;
  chartFacts: (digest: string, call?: EngineCall) => Promise<ChartFacts>;
  namespaces: Pick<Namespaces, 'exists'>;
  composeRelease: ReturnType<typeof createComposeRelease>;
  findWritten: ReturnType<typeof createFindWritten>;
};

export interface DryRunInput {
  readonly namespace: string;
  readonly request: ReleaseRequest;
  readonly archive?: UploadedArchive;
  readonly strict: boolean;
  readonly caller: Caller | null;
  readonly requestId: string;
}

/** What an install or upgrade would make. Secrets are in it: mask what is shown. */
export interface DryRunRendering {
  /** The release that would be upgraded; null where it would be installed. */
  readonly existing: HelmRelease | null;
  readonly chart: ChartFacts;
  readonly rendered: RenderedRelease;
  /** The objects as the chart rendered them, before anything was converted (decision 38). */
  readonly originals: readonly ManifestDocument[];
  readonly warnings: readonly Warning[];
}

/** Renders what an install, or of an existing release an upgrade, would make. Nothing at all is written. */
export function createRenderDryRun(deps: RenderDryRunDeps) {
  const { engine } = deps;

  /** The newest revision of a release that is in use; null where an install would take the name. */
  async function findExisting(target: ReleaseTarget, call: EngineCall): Promise<HelmRelease | null> {
    const history = await engine.releaseHistory(target, call);
    return isNameFree(history) ? null : engine.getRelease(target, undefined, call);
  }

  /** Where the chart comes from; an upgrade that names none keeps the one that the release was made from. */
  async function originOf(input: DryRunInput, existing: HelmRelease | null, call: EngineCall): Promise<ChartOrigin> {
    const { namespace, request, archive } = input;
    const named = archive !== undefined || Boolean(request.chartImage) || Boolean(request.chartName);
    const recorded = asObject(valueAt(existing?.releaseConfig ?? {}, 'spec', 'source'));
    const digest = asString(recorded['digest']);
    if (named || digest === '') {
      const resolved = await deps.resolveChart({ namespace, request, ...(archive && { archive }) }, call);
      return resolved.origin;
    }
    await deps.restoreArchive(namespace, digest);
    const { version, kind, ref } = recorded;
    const known = kind === 'archive' || kind === 'image' ? kind : 'repository';
    return { kind: known, ref: asString(ref), version: asString(version), digest };
  }

  return async (input: DryRunInput, signal: AbortSignal): Promise<DryRunRendering> => {
    const { namespace, caller: identity, requestId, strict } = input;
    const { name } = toEffectiveRequest(input.request, namespace);
    const call = { signal, requestId };
    const target = { identity, namespace, name };
    const [exists, existing] = await Promise.all([deps.namespaces.exists(namespace), findExisting(target, call)]);
    const origin = await originOf(input, existing, call);
    if (!exists) {
      throw problem(
        'NAMESPACE_NOT_FOUND',
        `namespaces "${namespace}" not found`,
        {},
        { kind: 'Namespace', name: namespace },
      );
    }
    const chart = await deps.chartFacts(origin.digest, call);
    const { request, warnings: requestWarnings } = prepareRequest(input.request, chart);
    const effective = toEffectiveRequest(
      request,
      namespace,
      existing === null ? undefined : readRecordedRequest(existing.config, await deps.findWritten(existing, call)),
    );
    const { values, releaseConfig, labels, warnings } = await deps.composeRelease({
      namespace,
      effective,
      chart,
      origin,
    });
    refuseWarnings([...requestWarnings, ...warnings], strict);
    const order = { ...target, chart: origin.digest, values, releaseConfig, labels, isUpgrade: existing !== null };
    const rendered = await withoutSecrets(values, chart.secrets, () => engine.render(order, call));
    return {
      existing,
      chart,
      rendered,
      originals: rendered.documents,
      warnings: [...requestWarnings, ...warnings, ...rendered.warnings],
    };
  };
}
