import type { SeededRandom } from '../harness/seeded-random.ts';
import type { ChartFiles } from '../harness/charts/chart-builder.ts';
import { writeTarGz } from '../harness/charts/tar-writer.ts';
import { type Mistake, shown } from './mutate-json.ts';
import { ODD_TEXTS } from './odd-values.ts';

type Entries = [path: string, text: string][];

/** A packed chart with one mistake: in a file, in what files there are, or in the archive. */
export function mistakeInChart(files: ChartFiles, random: SeededRandom): Mistake<Buffer> {
  const entries: Entries = Object.entries(files).map(([path, content]) => [path, String(content)]);
  const { what, made } = random.between(0, 9) === 0 ? mistakeInList(entries, random) : mistakeInFile(entries, random);
  const bytes = writeTarGz(made.map(([path, content]) => ({ name: `sound/${path}`, content })));
  return random.between(0, 19) === 0 ? damaged(bytes, random) : { what, made: bytes };
}

function mistakeInFile(entries: Entries, random: SeededRandom): Mistake<Entries> {
  const index = random.between(0, entries.length - 1);
  const [path, text] = entries[index]!;
  const { what, made } = mistakeInText(text, random);
  return { what: `${path} ${what}`, made: entries.with(index, [path, made]) };
}

/** Mistakes that people, editors, merges and programs make in a text. */
function mistakeInText(text: string, random: SeededRandom): Mistake<string> {
  const lines = text.split('\n');
  const at = random.between(0, Math.max(0, lines.length - 2));
  const line = lines[at] ?? '';
  const odd = random.pick(ODD_TEXTS);
  const of = (what: string, made: string): Mistake<string> => ({ what, made });
  const ofLines = (what: string, made: string[]): Mistake<string> => of(`${what} (line ${at + 1})`, made.join('\n'));
  return random.pick([
    () => of('empty', ''),
    () => of('cut off', text.slice(0, random.between(0, text.length))),
    () => of('with carriage returns', text.replaceAll('\n', '\r\n')),
    () => of('with a mark of its order', `\ufeff${text}`),
    () =>
      of('of other bytes', Array.from({ length: 200 }, () => String.fromCodePoint(random.between(0, 255))).join('')),
    () => of('twice', `${text}\n---\n${text}`),
    () => of('after a merge', `<<<<<<< ours\n${text}=======\n${text}>>>>>>> theirs\n`),
    () => ofLines('without a line', lines.toSpliced(at, 1)),
    () => ofLines('with a line twice', lines.toSpliced(at, 0, line)),
    () => ofLines('with a line indented', lines.with(at, `  ${line}`)),
    () => ofLines('with a tab', lines.with(at, `\t${line}`)),
    () => ofLines('with a key without value', lines.with(at, line.replace(/:.*/, ':'))),
    () => ofLines('without a colon', lines.with(at, line.replace(':', ''))),
    () => ofLines('without braces', lines.with(at, line.replaceAll(/[{}]/g, ''))),
    () => ofLines(`with ${shown(odd)} as value`, lines.with(at, line.replace(/: .*/, `: ${odd}`))),
    () =>
      ofLines(`with ${shown(odd)} as quoted value`, lines.with(at, line.replace(/: .*/, `: ${JSON.stringify(odd)}`))),
    () => ofLines(`with ${shown(odd)} as key`, lines.with(at, line.replace(/[\w.-]+:/, `${odd}:`))),
    () => ofLines('with another value', lines.with(at, line.replace(/\.Values\.(\w+)/, '.Values.none.$1'))),
    () => ofLines('with another function', lines.with(at, line.replace(/toYaml|quote|include|toJson/, 'nosuch'))),
    () => ofLines('with a failing template', lines.toSpliced(at, 0, '{{ fail "stop" }}')),
    () =>
      ofLines(
        'with another kind',
        lines.map((one) => one.replace(/^kind: .*/, 'kind: Nothing')),
      ),
    () =>
      ofLines(
        'with another version',
        lines.map((one) => one.replace(/^apiVersion: .*/, 'apiVersion: none.example/v9')),
      ),
  ])();
}

function mistakeInList(entries: Entries, random: SeededRandom): Mistake<Entries> {
  const index = random.between(0, entries.length - 1);
  const [path, text] = entries[index]!;
  const odd = random.pick(ODD_TEXTS).slice(0, 60);
  return random.pick([
    () => ({ what: `without ${path}`, made: entries.toSpliced(index, 1) }),
    () => ({ what: `${path} twice`, made: [...entries, entries[index]!] }),
    () => ({ what: `${path} called ${shown(odd)}`, made: entries.with(index, [odd, text]) }),
    () => ({ what: `${path} in another folder`, made: entries.with(index, [`templates/${path}`, text]) }),
    () => ({ what: `${path} in another case`, made: entries.with(index, [path.toUpperCase(), text]) }),
    () => ({ what: `templates/${shown(odd)} added`, made: [...entries, [`templates/${odd}`, text]] as Entries }),
    () => ({ what: `charts/${path} added`, made: [...entries, [`charts/${path}`, text]] as Entries }),
    () => ({ what: `crds/${path} added`, made: [...entries, [`crds/${path}`, text]] as Entries }),
  ])();
}

function damaged(bytes: Buffer, random: SeededRandom): Mistake<Buffer> {
  const at = random.between(0, bytes.length - 1);
  const flipped = Buffer.from(bytes);
  flipped[at] = random.between(0, 255);
  return random.pick([
    () => ({ what: `archive cut off after ${at} bytes`, made: bytes.subarray(0, at) }),
    () => ({ what: `archive with another byte ${at}`, made: flipped }),
    () => ({ what: 'archive twice', made: Buffer.concat([bytes, bytes]) }),
    () => ({ what: 'archive with bytes behind it', made: Buffer.concat([bytes, Buffer.alloc(100, 7)]) }),
  ])();
}
