import type { Warning } from '../../../contract/schemas/warning.ts';
import type { JsonObject } from '../json/json.ts';

/** The hook annotations of an object, as Helm reads them. */
export type HookFacts = { events: string[]; weight: number; deletePolicies: string[] };

/** One object of a manifest, in Helm's install order. */
export type ManifestDocument = {
  /** Unique over objects and hooks. */
  index: number;
  /** The template it came from, e.g. `zookeeper/templates/service.yaml`. */
  source: string;
  apiVersion: string;
  kind: string;
  /** Filled in from the release for namespaced kinds, empty for cluster-scoped ones. */
  namespace: string;
  name: string;
  /** Present on hooks only. */
  hook?: HookFacts;
  /** The object; numbers that a double cannot hold are text. */
  object: JsonObject;
  /** Paths of those in the object, as it came; absent where there are none. */
  numbers?: string[][];
};

/** What to change in documents between rendering and applying; documents not named stay byte for byte (decision 46). */
export type DocumentChanges = {
  /** By the document's `index`; null removes it. */
  changed: { index: number; object: JsonObject | null }[];
  added: JsonObject[];
  warnings: Warning[];
  /** Takes the place of the ReleaseConfig that the operation was given: what it says may depend on the documents. */
  releaseConfig?: JsonObject;
};

/** What a transform is told of the documents it gets. */
export type DocumentsOrigin = {
  /** True when the documents come from a record and not from templates. */
  recorded: boolean;
  /** True when they are recorded and will not be applied: Helm compares with them, or deletes what they name. */
  compared: boolean;
  /** Whether the cluster serves the kind in this version, or the chart's own `crds/` define it. */
  served: (apiVersion: string, kind: string) => boolean;
};

/**
 * Decides what changes in documents: objects and hooks together (hooks are marked by `hook`), in Helm's order, each
 * `index` once. Pure and quick: the engine waits for it. A ProblemError that it throws fails the operation.
 */
export type TransformDocuments = (documents: readonly ManifestDocument[], origin: DocumentsOrigin) => DocumentChanges;
