import type { Static, TObject } from 'typebox';
import type { JsonObject } from '../json/json.ts';
import type { DocumentChanges, ManifestDocument } from '../kube/manifest-document.ts';
import type { MergeKeys } from '../patch/strategic-merge-keys.ts';
import type { PatchablePath } from '../patchable/kind-paths.ts';
import type { PauseRules } from '../workloads/pause-documents.ts';
import { problem, type ProblemError } from '../errors/problem-error.ts';

/** What a plugin knows besides the documents. */
export type PluginContext = {
  /** The objects of the applied revision; none for an install. */
  recorded: readonly ManifestDocument[];
  /** How this server pauses releases. */
  pauseRules: PauseRules;
  /** Domains whose labels and annotations callers may set, in addition to those known to be harmless. */
  metadataDomains: readonly string[];
  /** The merge keys of the documents' kinds, by `kindName`; empty unless a plugin needs them. */
  mergeKeys: Readonly<Record<string, MergeKeys>>;
};

/** The properties of a plugin. */
export type PluginFacts = {
  /** Compared case-insensitively. */
  name: string;
  /** `major.minor`: a request may name it at any precision (`1`), or leave it empty for the newest. */
  version: string;
  /** What the plugin does, in Markdown. */
  description: string;
  /** JSON schema of the arguments. */
  args: TObject;
  /** Example arguments. */
  example: JsonObject;
  /** Walm adds the plugin to every release. */
  builtIn: boolean;
  /** True: the plugin also gets the chart's hooks. */
  touchesHooks: boolean;
  /** True: the plugin needs the merge keys of the documents' kinds. */
  mergesLists: boolean;
  /** True: without arguments the plugin does nothing (decision 14: plugin arguments). */
  needsArgs: boolean;
  /** True: the plugin runs after all others, whatever the order of the release. */
  last: boolean;
  /** What the plugin may change if its arguments can name arbitrary fields: everything else stays. */
  allows?: readonly PatchablePath[];
};

/** A plugin: changes the rendered documents before Helm applies them. */
export type Plugin = PluginFacts & {
  /**
   * Pure. `args` match the schema.
   * @throws ProblemError PLUGIN_REFUSED
   */
  apply: (documents: readonly ManifestDocument[], args: JsonObject, context: PluginContext) => DocumentChanges;
};

/** The definition of a plugin: usual properties may be omitted, and its arguments have the type of its schema. */
type Definition<S extends TObject> = Pick<PluginFacts, 'name' | 'version' | 'description'> &
  Partial<Pick<PluginFacts, 'builtIn' | 'touchesHooks' | 'mergesLists' | 'needsArgs' | 'last' | 'allows'>> & {
    args: S;
    example: Static<S> & JsonObject;
    apply: (documents: readonly ManifestDocument[], args: Static<S>, context: PluginContext) => DocumentChanges;
  };

/** Creates a plugin; by default it needs arguments and does not see hooks. */
export function definePlugin<S extends TObject>(definition: Definition<S>): Plugin {
  return {
    builtIn: false,
    touchesHooks: false,
    mergesLists: false,
    needsArgs: true,
    last: false,
    ...definition,
    // Arguments are validated against this very schema before a plugin is applied.
    apply: (documents, args, context) => definition.apply(documents, args as Static<S>, context),
  };
}

/** The problem of a plugin that refuses its arguments. */
export function refused(plugin: string, reason: string, document?: ManifestDocument): ProblemError {
  const { kind, namespace, name } = document ?? {};
  return problem(
    'PLUGIN_REFUSED',
    `plugin ${plugin}: ${reason}`,
    { plugin },
    kind === undefined || name === undefined ? undefined : { kind, name, ...(namespace && { namespace }) },
  );
}
