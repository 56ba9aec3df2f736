import { UsageError } from '../errors/failures.ts';
import { readColumns, type Column } from '../render/columns.ts';
import { readJsonPath, type JsonPath } from '../render/jsonpath.ts';

/** What `-o` asks for. */
export type OutputFormat =
  | { readonly kind: 'table' | 'wide' | 'json' | 'yaml' | 'name' }
  | { readonly kind: 'jsonpath'; readonly path: JsonPath }
  | { readonly kind: 'columns'; readonly columns: readonly Column[] }
  | { readonly kind: 'own'; readonly name: string };

/** Reads `-o`. `own` are further formats of the command. @throws UsageError */
export function readFormat(text: string, own: readonly string[]): OutputFormat {
  if (text === 'table' || text === 'wide' || text === 'json' || text === 'yaml' || text === 'name')
    return { kind: text };
  if (text.startsWith('jsonpath=')) return { kind: 'jsonpath', path: readJsonPath(text.slice('jsonpath='.length)) };
  for (const word of ['columns=', 'custom-columns=']) {
    if (text.startsWith(word)) return { kind: 'columns', columns: readColumns(text.slice(word.length)) };
  }
  if (own.includes(text)) return { kind: 'own', name: text };
  const formats = ['table', 'wide', 'json', 'yaml', 'name', 'jsonpath=PATH', 'columns=HEAD:.path,…', ...own];
  throw new UsageError(`-o ${text} is not an output format`, [`formats: ${formats.join(', ')}`]);
}
