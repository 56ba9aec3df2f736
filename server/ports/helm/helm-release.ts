import type { ProblemCode } from '../../../contract/problems/problem.ts';
import type { JsonObject } from '../../domain/json/json.ts';
import type { HookFacts, ManifestDocument } from '../../domain/kube/manifest-document.ts';
import type { HelmStatus } from '../../domain/revisions/helm-status.ts';
import type { JudgedRevision } from '../../domain/seals/judged-revision.ts';
import type { SealState } from '../../domain/seals/seal-state.ts';
import type { ValuesSchema } from './helm-chart.ts';

export type { HookFacts, ManifestDocument };

/** Names one Kubernetes object; `namespace` is empty for cluster-scoped ones. */
export type ObjectRef = { apiVersion: string; kind: string; namespace: string; name: string };

/** A condition that the caller should know and that did not stop the operation. `path` points into the object. */
export type EngineWarning = { code: string; message: string; object?: ObjectRef; count?: number; path?: string };

/**
 * A hook of a recorded release; `ran` is present if the operation that made the revision, or a test of it, ran the
 * hook.
 */
export type HelmHook = HookFacts & {
  name: string;
  kind: string;
  apiVersion: string;
  path: string;
  manifest: string;
  ran?: boolean;
};

/** What a list or a history shows of a revision. Times are RFC 3339. */
export type HelmReleaseSummary = {
  name: string;
  namespace: string;
  revision: number;
  status: HelmStatus;
  chartName: string;
  chartVersion: string;
  appVersion: string;
  updated: string;
  firstDeployed: string;
  description: string;
  /** Helm's release labels, without those that Helm sets itself. */
  labels: Record<string, string>;
};

/** Why a revision failed, noted beside its record. A user who may write Secrets can write it. It may quote secrets. */
export type RecordedFailure = { code: ProblemCode; message: string; details: Record<string, unknown> };

/** One recorded revision in full. */
export type HelmRelease = HelmReleaseSummary & {
  /** The user's values. */
  config: JsonObject;
  /** The recorded chart's values, overridden by the user's. */
  computedValues: JsonObject;
  /** Byte for byte as Helm recorded it. */
  manifest: string;
  hooks: HelmHook[];
  notes: string;
  /** `Chart.yaml` of the recorded chart. */
  chartMetadata: JsonObject;
  /** The manifest's objects, without hooks. */
  objects: ManifestDocument[];
  /** The ReleaseConfig object of this manifest; null if plain Helm made the revision. */
  releaseConfig: JsonObject | null;
  /** Of the recorded chart only: Helm records no subcharts. */
  schemas: ValuesSchema[];
  /** Files of the recorded chart below `transwarp-meta/`, by their name there. */
  metaFiles: Record<string, Uint8Array>;
  /** Whether Walm recorded exactly this revision, and for which caller. */
  seal: SealState;
  /** The facts by which the seal was judged; absent if the revision is not sealed. */
  judged?: JudgedRevision;
  /**
   * What the operation that made this failed revision failed with, as it would have answered; absent if that was not noted,
   * or not asked for: only single revisions that are read in full have it.
   */
  failure?: RecordedFailure;
  /** Warnings of the operation that returned this revision; empty if the record was only read. */
  warnings: EngineWarning[];
};

/** What an install or upgrade would do, according to `helm … --dry-run=server`. */
export type RenderedRelease = {
  manifest: string;
  documents: ManifestDocument[];
  hooks: ManifestDocument[];
  crds: ManifestDocument[];
  /** What an upgrade would do to objects that the release would not have any longer, and to what failed ones have left. */
  removals: ForetoldFate[];
  notes: string;
  computedValues: JsonObject;
  warnings: EngineWarning[];
};

/** `kept` and `unknown` have a reason; `gone`: the object no longer exists, or is being deleted. */
export type ForetoldFate = { object: ObjectRef; outcome: 'deleted' | 'kept' | 'gone' | 'unknown'; reason: string };
