import { parseDocument } from 'yaml';
import { isOption, listOptions, optionTable, type Option, type OptionTree } from './config-options.ts';
import { nearestName } from '../domain/fields/nearest-name.ts';

/** Keys of the original Walm's walm.yaml and the options of this server that they stand for. */
const originalKeys: Readonly<Record<string, string>> = {
  serverConfig: 'http.port',
  kubeConfig: 'kubernetes.kubeconfig and kubernetes.context',
  logConfig: 'log.level',
};

/** The contents of a configuration file: values by option key, and all problems. */
export interface ConfigFile {
  readonly values: ReadonlyMap<string, unknown>;
  readonly problems: readonly string[];
}

/** Parses the text of a `walm.yaml`. Unknown keys are problems, with the option that was probably meant. */
export function parseConfigFile(text: string): ConfigFile {
  const document = parseDocument(text, { uniqueKeys: true });
  if (document.errors.length > 0) {
    return { values: new Map(), problems: document.errors.map((error) => error.message.split('\n')[0] ?? 'not YAML') };
  }
  const values = new Map<string, unknown>();
  const problems: string[] = [];
  collect(document.toJS({ maxAliasCount: 100 }), optionTable, '', values, problems);
  return { values, problems };
}

function collect(
  node: unknown,
  tree: OptionTree,
  prefix: string,
  values: Map<string, unknown>,
  problems: string[],
): void {
  if (node === null || node === undefined) {
    return;
  }
  if (typeof node !== 'object' || Array.isArray(node)) {
    problems.push(`${prefix === '' ? 'the file' : prefix.slice(0, -1)} must be a table of options`);
    return;
  }
  for (const [name, value] of Object.entries(node)) {
    const key = prefix + name;
    const entry: Option | OptionTree | undefined = Object.hasOwn(tree, name) ? tree[name] : undefined;
    if (entry === undefined) {
      problems.push(unknownKey(key));
    } else if (isOption(entry)) {
      values.set(key, value);
    } else {
      collect(value, entry, `${key}.`, values, problems);
    }
  }
}

function unknownKey(key: string): string {
  const original = Object.hasOwn(originalKeys, key) ? originalKeys[key] : undefined;
  if (original !== undefined) {
    return `${key} is not an option; in this Walm it is ${original}`;
  }
  const keys = listOptions().map((option) => option.key);
  const suggestion = nearestName(key, [...keys, ...keys.map((known) => known.split('.')[0] ?? known)]);
  return `${key} is not an option${suggestion === undefined ? '' : `; did you mean ${suggestion}?`}`;
}
