import { UsageError } from '../errors/failures.ts';
import { formatScalar } from './scalar.ts';

type Step =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'index'; readonly at: number }
  | { readonly kind: 'slice'; readonly from: number | undefined; readonly to: number | undefined }
  | { readonly kind: 'all' }
  | { readonly kind: 'deep' }
  | { readonly kind: 'filter'; readonly path: readonly Step[]; readonly equals: boolean; readonly value: unknown };

type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'path'; readonly steps: readonly Step[] }
  | { readonly kind: 'range'; readonly steps: readonly Step[]; readonly body: readonly Node[] };

/** A template of kubectl's jsonpath, ready to be applied. */
export interface JsonPath {
  (value: unknown): string;
}

const MAX_RESULTS = 1_000_000;

/**
 * Reads kubectl's jsonpath without functions: fields, `['k.e']`, `[i]`, `[a:b]`, `[*]`, `..`, `[?(@.a=="b")]`,
 * `{range}…{end}` and text. Braces around the whole may be left out.
 * @throws UsageError for anything else: never an empty answer instead
 */
export function readJsonPath(template: string): JsonPath {
  const text = template.includes('{') ? template : `{${template}}`;
  const reader = { text, at: 0 };
  const nodes = readNodes(reader, false);
  return (value) => write(nodes, value);
}

interface Reader {
  readonly text: string;
  at: number;
}

function wrong(reader: Reader, what: string): UsageError {
  return new UsageError(`jsonpath ${reader.text} at ${reader.at + 1}: ${what}`, [
    'an example: -o jsonpath=\'{range .items[*]}{.name}{"\\n"}{end}\'',
  ]);
}

function readNodes(reader: Reader, inRange: boolean): Node[] {
  const nodes: Node[] = [];
  while (reader.at < reader.text.length) {
    const brace = reader.text.indexOf('{', reader.at);
    if (brace !== reader.at) {
      nodes.push({ kind: 'text', text: reader.text.slice(reader.at, brace < 0 ? undefined : brace) });
      reader.at = brace < 0 ? reader.text.length : brace;
      continue;
    }
    reader.at += 1;
    skipSpaces(reader);
    if (takes(reader, /end\s*\}/y)) {
      if (!inRange) throw wrong(reader, 'end without range');
      return nodes;
    }
    if (takes(reader, /range\s+/y)) {
      const steps = readPath(reader);
      close(reader);
      nodes.push({ kind: 'range', steps, body: readNodes(reader, true) });
      continue;
    }
    nodes.push(...readInside(reader));
  }
  if (inRange) throw wrong(reader, 'range without end');
  return nodes;
}

/** Paths and quoted texts between braces. */
function readInside(reader: Reader): Node[] {
  const nodes: Node[] = [];
  for (;;) {
    skipSpaces(reader);
    if (takes(reader, /\}/y)) return nodes;
    if (reader.at >= reader.text.length) throw wrong(reader, '} is missing');
    const quote = reader.text[reader.at];
    const start = reader.at;
    if (quote === '"' || quote === "'") nodes.push({ kind: 'text', text: readQuoted(reader) });
    else nodes.push({ kind: 'path', steps: readPath(reader) });
    // Without progress it would go on forever.
    if (reader.at === start) throw wrong(reader, 'a path must begin with a dot');
  }
}

function readPath(reader: Reader): Step[] {
  const steps: Step[] = [];
  takes(reader, /[$@]/y);
  const start = reader.at;
  if (/[A-Za-z_]/.test(reader.text[reader.at] ?? '')) steps.push({ kind: 'field', name: readName(reader) });
  for (;;) {
    if (takes(reader, /\.\./y)) {
      steps.push({ kind: 'deep' });
      if (takes(reader, /\*/y)) steps.push({ kind: 'all' });
      else if (reader.text[reader.at] !== '[') steps.push({ kind: 'field', name: readName(reader) });
    } else if (takes(reader, /\.\*/y)) steps.push({ kind: 'all' });
    else if (takes(reader, /\.(?=[[\s}]|$)/y)) continue;
    else if (takes(reader, /\./y)) steps.push({ kind: 'field', name: readName(reader) });
    else if (takes(reader, /\[/y)) steps.push(readBracket(reader));
    else break;
  }
  const isRoot = reader.at > 0 && /[$@.]/.test(reader.text[reader.at - 1] ?? '');
  if (steps.length === 0 && reader.at === start && !isRoot) throw wrong(reader, 'a path must begin with a dot');
  return steps;
}

function readName(reader: Reader): string {
  const pattern = /(?:\\.|[^\s.[\]{}()"'=!,|])+/y;
  pattern.lastIndex = reader.at;
  const name = pattern.exec(reader.text)?.[0];
  if (name === undefined) throw wrong(reader, 'a name is missing');
  reader.at += name.length;
  return name.replaceAll(/\\(.)/g, '$1');
}

function readBracket(reader: Reader): Step {
  const step = bracketContent(reader);
  if (!takes(reader, /\s*\]/y)) throw wrong(reader, '] is missing');
  return step;
}

function bracketContent(reader: Reader): Step {
  skipSpaces(reader);
  const quote = reader.text[reader.at];
  if (quote === '"' || quote === "'") return { kind: 'field', name: readQuoted(reader) };
  if (takes(reader, /\*/y)) return { kind: 'all' };
  if (takes(reader, /\?\(/y)) return readFilter(reader);
  const pattern = /(-?\d{1,9})?(:)?(-?\d{1,9})?/y;
  pattern.lastIndex = reader.at;
  const [all = '', from, colon, to] = pattern.exec(reader.text) ?? [];
  if (all === '' || (colon === undefined && from === undefined))
    throw wrong(reader, 'an index, a slice, * or a filter');
  reader.at += all.length;
  if (colon === undefined) return { kind: 'index', at: Number(from) };
  return {
    kind: 'slice',
    from: from === undefined ? undefined : Number(from),
    to: to === undefined ? undefined : Number(to),
  };
}

function readFilter(reader: Reader): Step {
  skipSpaces(reader);
  if (reader.text[reader.at] !== '@') throw wrong(reader, 'a filter begins with @');
  const path = readPath(reader);
  skipSpaces(reader);
  const equals = takes(reader, /==/y);
  if (!equals && !takes(reader, /!=/y)) throw wrong(reader, 'a filter compares with == or !=');
  skipSpaces(reader);
  const value = readLiteral(reader);
  if (!takes(reader, /\s*\)/y)) throw wrong(reader, ') is missing');
  return { kind: 'filter', path, equals, value };
}

function readLiteral(reader: Reader): unknown {
  const quote = reader.text[reader.at];
  if (quote === '"' || quote === "'") return readQuoted(reader);
  const pattern = /true|false|null|-?\d+(?:\.\d+)?/y;
  pattern.lastIndex = reader.at;
  const text = pattern.exec(reader.text)?.[0];
  if (text === undefined) throw wrong(reader, 'a text in quotes, a number, true, false or null');
  reader.at += text.length;
  return JSON.parse(text) as unknown;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

function readQuoted(reader: Reader): string {
  const quote = reader.text[reader.at] ?? '';
  let text = '';
  for (let at = reader.at + 1; at < reader.text.length; at += 1) {
    const character = reader.text[at] ?? '';
    if (character === quote) {
      reader.at = at + 1;
      return text;
    }
    if (character === '\\') {
      at += 1;
      const escaped = reader.text[at] ?? '';
      text += ESCAPES[escaped] ?? escaped;
    } else text += character;
  }
  throw wrong(reader, `the text that begins with ${quote} is not terminated`);
}

function skipSpaces(reader: Reader): void {
  while (/\s/.test(reader.text[reader.at] ?? '')) reader.at += 1;
}

function takes(reader: Reader, pattern: RegExp): boolean {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.text);
  if (found === null) return false;
  reader.at += found[0].length;
  return true;
}

function close(reader: Reader): void {
  skipSpaces(reader);
  if (!takes(reader, /\}/y)) throw wrong(reader, '} is missing');
}

function write(nodes: readonly Node[], value: unknown): string {
  return nodes
    .map((node) => {
      switch (node.kind) {
        case 'text':
          return node.text;
        case 'path':
          return select(node.steps, value).map(formatScalar).join(' ');
        case 'range':
          return select(node.steps, value)
            .map((item) => write(node.body, item))
            .join('');
        default:
          return node satisfies never;
      }
    })
    .join('');
}

/** The values that a path leads to. */
function select(steps: readonly Step[], value: unknown): unknown[] {
  let present: unknown[] = [value];
  for (const step of steps) {
    const next: unknown[] = [];
    for (const one of present) next.push(...follow(step, one));
    if (next.length > MAX_RESULTS) throw new UsageError('the jsonpath leads to too many values');
    present = next;
  }
  return present;
}

function follow(step: Step, value: unknown): unknown[] {
  switch (step.kind) {
    case 'field': {
      const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
      const found =
        isObject && Object.hasOwn(value, step.name) ? (value as Record<string, unknown>)[step.name] : undefined;
      return found === undefined ? [] : [found];
    }
    case 'index': {
      const found = Array.isArray(value) ? (value.at(step.at) as unknown) : undefined;
      return found === undefined ? [] : [found];
    }
    case 'slice':
      return Array.isArray(value) ? value.slice(step.from, step.to) : [];
    case 'all':
      return children(value);
    case 'deep':
      return descendants(value);
    case 'filter':
      return children(value).filter((item) => {
        const found = select(step.path, item);
        return found.some((one) => one === step.value) === step.equals;
      });
    default:
      return step satisfies never;
  }
}

function children(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? (Object.values(value) as unknown[]) : [];
}

function descendants(value: unknown): unknown[] {
  const found: unknown[] = [];
  const rest = [value];
  for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
    found.push(next);
    if (found.length > MAX_RESULTS) throw new UsageError('the jsonpath leads to too many values');
    rest.push(...children(next).filter((child) => typeof child === 'object' && child !== null));
  }
  return found;
}
