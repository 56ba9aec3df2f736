import { parseExact } from '../../contract/exact-json.ts';

/** JSON as YAML, with all digits of its numbers. */
export async function yamlOf(json: string): Promise<string> {
  const { stringify } = await import('../system/yaml-library.ts');
  return stringify(parseExact(json), { lineWidth: 0 });
}
