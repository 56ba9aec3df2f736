import type { Warning } from '../../contract/warning.ts';
import type { JsonObject } from './json.ts';

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
  /** The object; integers beyond 2^53 are text. */
  object: JsonObject;
};

/** What to change in documents between rendering and applying; documents not named stay byte for byte (decision 46). */
export type DocumentChanges = {
  /** By the document's `index`; null removes it. */
  changed: { index: number; object: JsonObject | null }[];
  added: JsonObject[];
  warnings: Warning[];
};
