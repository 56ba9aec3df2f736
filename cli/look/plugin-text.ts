import { parseExact, stringifyExact } from '../../contract/exact-json.ts';
import { EXIT } from '../errors/exit-code.ts';
import { CommandFailure } from '../errors/failures.ts';
import { listAt, textAt } from '../render/read-value.ts';

/** One plugin out of the list of all, as JSON text. @throws CommandFailure with exit code 4 if there is none of the name */
export function pluginText(list: string, name: string): string {
  const plugin = listAt(parseExact(list), 'items').find(
    (one) => textAt(one, 'name').toLowerCase() === name.toLowerCase(),
  );
  if (plugin === undefined) {
    throw new CommandFailure(EXIT.notFound, `there is no plugin ${name}`, ['plugins: walmctl get plugins']);
  }
  return stringifyExact(plugin) ?? '';
}
