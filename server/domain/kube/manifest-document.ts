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
  /** The object; numbers that a double cannot hold are strings. */
  object: JsonObject;
  /** Paths of those numbers in the unchanged object; absent if there are none. */
  numbers?: string[][];
  /** Identifies the content of a recorded Job that removes itself when it is done; absent for everything else. */
  digest?: string;
};

/**
 * Changes of documents between rendering and applying; documents that are not named stay byte for byte (decision 46:
 * documents can be changed).
 */
export type DocumentChanges = {
  /** By the document's `index`; null removes it. */
  changed: { index: number; object: JsonObject | null }[];
  added: JsonObject[];
  warnings: Warning[];
  /** Replaces the ReleaseConfig of the operation, whose content may depend on the documents. */
  releaseConfig?: JsonObject;
};

/** What a transform knows about the origin of its documents. */
export type DocumentsOrigin = {
  /** True if the documents come from a record and not from templates. */
  recorded: boolean;
  /** True if they are recorded and will not be applied: Helm compares with them, or deletes the objects they name. */
  compared: boolean;
  /** Whether the cluster serves the kind in this version, or the chart's own `crds/` define it. */
  served: (apiVersion: string, kind: string) => boolean;
};

/**
 * Decides what changes in documents: objects and hooks together (hooks are marked by `hook`), in Helm's order, each
 * `index` once. Pure and fast: the engine waits for it. A ProblemError that it throws fails the operation.
 */
export type TransformDocuments = (documents: readonly ManifestDocument[], origin: DocumentsOrigin) => DocumentChanges;
