import { readFileSync } from 'node:fs';
import type { PluginContext } from '../../../server/domain/plugins/plugin.ts';
import type { JsonObject } from '../../../server/domain/json/json.ts';
import { chainTransforms } from '../../../server/domain/kube/chain-transforms.ts';
import type { DocumentChanges, ManifestDocument } from '../../../server/domain/kube/manifest-document.ts';
import { pluginTransforms } from '../../../server/domain/plugins/plugin-transforms.ts';
import { ProblemError } from '../../../server/domain/errors/problem-error.ts';
import { manifestDocument } from './manifest-documents.ts';

const pauseRules = { daemonSets: true, isFinishedJob: () => false };
const origin = { recorded: false, compared: false, served: () => true };

/** How a cluster merges lists: what the engine's tests have compared with one. */
const mergeKeys = JSON.parse(
  readFileSync(new URL('../../../engine/testdata/rules/merge-keys.json', import.meta.url), 'utf8'),
) as PluginContext['mergeKeys'];

/** A plugin of a release, with its arguments as an object. */
export type PluginUse = { name: string; args?: JsonObject; version?: string };

/** The documents after the plugins have run, in their order. */
export function runPlugins(
  documents: readonly ManifestDocument[],
  uses: readonly PluginUse[],
  recorded: readonly ManifestDocument[] = [],
): DocumentChanges {
  const list = uses.map(({ name, args, version = '' }) => ({
    name,
    version,
    args: args === undefined ? '' : JSON.stringify(args),
    disable: false,
  }));
  return chainTransforms(
    ...pluginTransforms(list, { recorded, pauseRules, metadataDomains: ['team.test'], mergeKeys }),
  )(documents, origin);
}

/** The documents after one plugin has run. */
export function afterPlugin(
  documents: readonly ManifestDocument[],
  name: string,
  args: JsonObject,
  recorded: readonly ManifestDocument[] = [],
): ManifestDocument[] {
  const { changed, added } = runPlugins(documents, [{ name, args }], recorded);
  const objects = new Map(changed.map(({ index, object }) => [index, object]));
  const kept = documents.map((document) => {
    const object = objects.get(document.index);
    return object ? manifestDocument(object, document.index, document.hook) : document;
  });
  return [...kept, ...added.map((object, at) => manifestDocument(object, documents.length + at))];
}

/** The problem that a plugin raises. */
export function refusalOf(documents: readonly ManifestDocument[], name: string, args: JsonObject): ProblemError {
  try {
    runPlugins(documents, [{ name, args }]);
  } catch (error) {
    if (error instanceof ProblemError) {
      return error;
    }
    throw error;
  }
  throw new Error(`plugin ${name} refused nothing`);
}
