import type { Plugin } from 'rolldown';

/**
 * Parts of the libraries that walmctl never comes to, and what stands for them in the bundle:
 * - help of the parser library: help is laid out from the command table;
 * - types of YAML 1.1 (sets, ordered maps, binary data, timestamps): no request and no file of values has them, and JSON
 *   cannot say them. Every document is read by the rules of YAML 1.2, also one that calls itself 1.1.
 */
const REPLACED: Readonly<Record<string, string>> = {
  'commander/lib/help.js': 'export class Help {}',
  'yaml/browser/dist/schema/tags.js': `
    import { schema } from './core/schema.js';
    import { merge } from './yaml-1.1/merge.js';
    export const coreKnownTags = { 'tag:yaml.org,2002:merge': merge };
    export const getTags = (custom, name, addMerge) => (addMerge ? schema.concat(merge) : schema.slice());`,
};

/** Leaves out of a bundle what walmctl does not use of its libraries, and no bundler can know. */
export const leanLibraries: Plugin = {
  name: 'lean-libraries',
  load(id) {
    const [, replacement] = Object.entries(REPLACED).find(([path]) => id.endsWith(`/node_modules/${path}`)) ?? [];
    return replacement ?? null;
  },
};
