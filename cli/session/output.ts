import { parseExact } from '../../contract/exact-json.ts';
import type { ParsedLine } from '../arguments/parsed-line.ts';
import { UsageError } from '../errors/failures.ts';
import { createPaint, wantsColour, type Paint } from '../render/colour.ts';
import { labelText, type Column, type ObjectColumns } from '../render/columns.ts';
import { listAt, textAt } from '../render/read-value.ts';
import { readJsonPath } from '../render/jsonpath.ts';
import { tableLines } from '../render/table.ts';
import { oneLine } from '../render/width.ts';
import { yamlOf } from '../render/yaml-text.ts';
import type { Io } from './io.ts';
import { readFormat, type OutputFormat } from './output-format.ts';

/** How objects are shown where a table or names are wanted. */
export interface Presentation {
  readonly columns: ObjectColumns;
  /** `release/demo/kafka`: what `-o name` prints. */
  readonly name: (item: unknown) => string;
  /** Whether objects of several namespaces are shown. */
  readonly namespaces: boolean;
  /** What standard error says if there are none. */
  readonly empty: string;
}

/** Where a command writes. Standard output is the answer, standard error everything else. */
export interface Output {
  /** What -o asks for; `own` are further formats of the command. @throws UsageError */
  format(own?: readonly string[]): OutputFormat;
  /** A line of the answer. */
  say(line: string): void;
  /** Text of the answer as it is. */
  text(text: string): void;
  /** A line for people, on standard error; not with --quiet. */
  note(line: string): void;
  /** Warnings of the server, each once. */
  warn(warnings: readonly unknown[]): void;
  /** A table over lines that are already cells. */
  table(head: readonly string[], rows: readonly (readonly string[])[], cut?: string): void;
  /** Answers of the API, in the format that -o asks for: objects of a list, or one. */
  objects(json: string, items: (value: unknown) => readonly unknown[], presentation: Presentation): Promise<void>;
  /** One answer as JSON, YAML or by a path; false if another format is asked for. */
  data(json: string): Promise<boolean>;
  readonly quiet: boolean;
  readonly paint: Paint;
  readonly errPaint: Paint;
}

/** Creates the output of a run. */
export function createOutput(line: ParsedLine, io: Io): Output {
  const choice = line.text('color') ?? 'auto';
  const quiet = line.on('quiet');
  const paint = createPaint(wantsColour(choice, io.out.isTerminal, io.env));
  const errPaint = createPaint(wantsColour(choice, io.err.isTerminal, io.env));
  const warned = new Set<string>();

  const format = (own: readonly string[] = []) =>
    readFormat(line.text('output') || io.env['WALMCTL_OUTPUT'] || 'table', own);

  async function data(json: string): Promise<boolean> {
    const wanted = format();
    if (wanted.kind === 'json') io.out.write(json.endsWith('\n') ? json : `${json}\n`);
    else if (wanted.kind === 'yaml') io.out.write(await yamlOf(json));
    else if (wanted.kind === 'jsonpath') {
      const text = wanted.path(parseExact(json));
      io.out.write(text === '' || text.endsWith('\n') ? text : `${text}\n`);
    } else return false;
    return true;
  }

  function table(head: readonly string[], rows: readonly (readonly string[])[], cut?: string): void {
    const style = {
      headers: line.on('headers'),
      width: io.out.isTerminal ? io.out.size().columns : undefined,
      cut: cut === undefined ? -1 : head.indexOf(cut),
    };
    for (const written of tableLines(head, rows, style)) io.out.write(`${written}\n`);
  }

  return {
    format,
    quiet,
    paint,
    errPaint,
    say: (text) => io.out.write(`${text}\n`),
    text: (text) => io.out.write(text),
    note(text) {
      if (!quiet) io.err.write(`${text}\n`);
    },
    warn(warnings) {
      for (const warning of warnings) {
        const text = `warning: ${textAt(warning, 'code')}: ${oneLine(textAt(warning, 'message'))}`;
        if (quiet || warned.has(text)) continue;
        warned.add(text);
        io.err.write(`${errPaint.busy('warning:')}${text.slice('warning:'.length)}\n`);
      }
    },
    table,
    data,
    async objects(json, items, presentation) {
      if (await data(json)) return;
      const wanted = format();
      const found = sorted(items(parseExact(json)), line.text('sort-by'), presentation.columns);
      if (found.length === 0 && presentation.empty !== '') {
        if (!quiet) io.err.write(`${presentation.empty}\n`);
        return;
      }
      if (wanted.kind === 'name') {
        for (const item of found) io.out.write(`${presentation.name(item)}\n`);
        return;
      }
      const columns =
        wanted.kind === 'columns' ? wanted.columns : shownColumns(presentation, wanted.kind === 'wide', line);
      const rows = found.map((item) => columns.map(({ cell }) => cell(item)));
      table(
        columns.map(({ head }) => head),
        rows,
        presentation.columns.cut,
      );
    },
  };
}

function shownColumns({ columns, namespaces }: Presentation, wide: boolean, line: ParsedLine): readonly Column[] {
  const namespace: Column = { head: 'NAMESPACE', cell: (item) => textAt(item, 'namespace') };
  const labels: Column = { head: 'LABELS', cell: labelText };
  return [
    ...(namespaces ? [namespace] : []),
    ...columns.table,
    ...(wide ? columns.wide : []),
    ...(line.on('show-labels') && !(wide && columns.wide.some(({ head }) => head === labels.head)) ? [labels] : []),
  ];
}

/** `--sort-by` is a column's head in any case, or a path. */
function sorted(items: readonly unknown[], by: string | undefined, columns: ObjectColumns): readonly unknown[] {
  if (by === undefined) return items;
  const column = [...columns.table, ...columns.wide].find(({ head }) => head === by.toUpperCase());
  if (column === undefined && !/^[{.[]/.test(by)) {
    const heads = [...columns.table, ...columns.wide].map(({ head }) => head.toLowerCase());
    throw new UsageError(`--sort-by ${by} is not a column`, [`columns: ${heads.join(', ')}; or a path such as .name`]);
  }
  const key = column?.order ?? column?.cell ?? readJsonPath(by);
  return items.toSorted((left, right) => compare(key(left), key(right)));
}

function compare(left: string, right: string): number {
  const [first, second] = [Number(left), Number(right)];
  if (left !== '' && right !== '' && !Number.isNaN(first) && !Number.isNaN(second)) return first - second;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The items of a list of the API. */
export function itemsOf(value: unknown): readonly unknown[] {
  return listAt(value, 'items');
}
