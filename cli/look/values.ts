import { parseExact, stringifyExact } from '../../contract/exact-json.ts';
import { EXIT } from '../errors/exit-code.ts';
import { pathOf } from '../render/path.ts';
import { at, listAt, textAt } from '../render/read-value.ts';
import { formatScalar } from '../render/scalar.ts';
import { oneLine, severalLines } from '../render/width.ts';
import { yamlOf } from '../render/yaml-text.ts';
import type { CommandRun } from '../session/command-run.ts';
import { releaseOf } from './release-of.ts';

/** The values of a release as YAML: the user's own, or all layers; with their origins line by line. */
export const values: CommandRun = async (session) => {
  const { line, output } = session;
  const walm = await session.walm();
  const origin = line.on('origin');
  const query = { revision: line.number('revision'), ...(origin && { origin }) };
  const { text } = await walm.call('showValues', { path: await releaseOf(session), query });
  if (await output.data(text)) return EXIT.done;
  const answer = parseExact(text);
  if (origin) {
    const rows = listAt(answer, 'origins')
      .filter((one) => line.on('all') || textAt(one, 'layer') === 'configValues')
      .map((one) => [pathOf(textAt(one, 'path')), shownValue(at(one, 'value')), originOf(one)]);
    output.table(['VALUE', 'IS', 'FROM'], rows);
    return EXIT.done;
  }
  const chosen = at(answer, line.on('all') ? 'computedValues' : 'configValues') ?? {};
  output.text(severalLines(await yamlOf(stringifyExact(chosen) ?? '{}')));
  return EXIT.done;
};

function shownValue(value: unknown): string {
  return typeof value === 'string' && value === '' ? '""' : formatScalar(value) || 'null';
}

function originOf(origin: unknown): string {
  const layer = textAt(origin, 'layer');
  const provider = textAt(origin, 'provider');
  if (provider !== '') return oneLine(`${layer} from ${provider} (${textAt(origin, 'dependency')})`);
  const chart = textAt(origin, 'chart');
  return chart === '' ? layer : oneLine(`${layer} ${chart}`);
}
