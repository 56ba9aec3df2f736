import type { Static, TObject } from 'typebox';
import type { JsonObject } from '../json/json.ts';
import type { DocumentChanges, ManifestDocument } from '../kube/manifest-document.ts';
import type { PatchablePath } from '../patchable/kind-paths.ts';
import type { PauseRules } from '../workloads/pause-documents.ts';
import { problem, type ProblemError } from '../errors/problem-error.ts';

/** What a plugin knows beside the documents. */
export type PluginContext = {
  /** The objects of the revision that is in force; none on an install. */
  recorded: readonly ManifestDocument[];
  /** How this server pauses releases. */
  pauseRules: PauseRules;
  /** Domains whose labels and annotations callers may set, beside those that are known to be harmless. */
  metadataDomains: readonly string[];
};

/** What a plugin says of itself. */
export type PluginFacts = {
  /** Compared without case. */
  name: string;
  /** `major.minor`: a request may name it at any precision (`1`), or leave it empty for the newest. */
  version: string;
  /** What it does, in Markdown. */
  description: string;
  /** JSON schema of the arguments. */
  args: TObject;
  /** Arguments that could be given. */
  example: JsonObject;
  /** Walm adds it to every release by itself. */
  builtIn: boolean;
  /** True: it is given the chart's hooks, too. */
  touchesHooks: boolean;
  /** True: without arguments it has nothing to do (decision 14). */
  needsArgs: boolean;
  /** True: it comes after all others, whatever the order of the release. */
  last: boolean;
  /** What it may change where its arguments say freely what to change: all that is not in the list stays. */
  allows?: readonly PatchablePath[];
};

/** A plugin: changes what a chart has rendered before Helm applies it. */
export type Plugin = PluginFacts & {
  /** Pure. `args` fit the schema. @throws ProblemError PLUGIN_REFUSED */
  apply: (documents: readonly ManifestDocument[], args: JsonObject, context: PluginContext) => DocumentChanges;
};

/** What a plugin is written as: facts that are usual may be left out, and its arguments have the type of its schema. */
type Definition<S extends TObject> = Pick<PluginFacts, 'name' | 'version' | 'description'> &
  Partial<Pick<PluginFacts, 'builtIn' | 'touchesHooks' | 'needsArgs' | 'last' | 'allows'>> & {
    args: S;
    example: Static<S> & JsonObject;
    apply: (documents: readonly ManifestDocument[], args: Static<S>, context: PluginContext) => DocumentChanges;
  };

/** Makes a plugin; by default it needs arguments and leaves hooks alone. */
export function definePlugin<S extends TObject>(definition: Definition<S>): Plugin {
  return {
    builtIn: false,
    touchesHooks: false,
    needsArgs: true,
    last: false,
    ...definition,
    // Arguments are checked against this very schema before a plugin is applied.
    apply: (documents, args, context) => definition.apply(documents, args as Static<S>, context),
  };
}

/** The problem of a plugin that cannot do, or must not do, what its arguments ask for. */
export function refused(plugin: string, reason: string, document?: ManifestDocument): ProblemError {
  const { kind, namespace, name } = document ?? {};
  return problem(
    'PLUGIN_REFUSED',
    `plugin ${plugin}: ${reason}`,
    { plugin },
    kind === undefined || name === undefined ? undefined : { kind, name, ...(namespace && { namespace }) },
  );
}
