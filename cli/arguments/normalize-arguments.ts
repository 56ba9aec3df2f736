import { UsageError } from '../errors/failures.ts';
import type { Flag } from '../table/command.ts';
import { commandGroups, commandTable, findCommand, flagsOf, type CommandName } from '../table/command-table.ts';
import { commonFlags } from '../table/common-flags.ts';
import { RELEASE_PARTS, typeOf } from '../table/object-types.ts';
import { nearest } from './nearest.ts';

/** A command line in the form that the parser library reads. */
export interface NormalLine {
  /** Undefined if no command was named. */
  readonly command: CommandName | undefined;
  /** Words before which no command was found, for the error; empty if one was found. */
  readonly unknown: readonly string[];
  /** Flags by their canonical names, values after `=`, switches as `--x` or `--no-x`; then words, after `--`. */
  readonly args: readonly string[];
}

const TRUE: ReadonlySet<string> = new Set(['true', 't', '1', 'yes', 'on']);
const FALSE: ReadonlySet<string> = new Set(['false', 'f', '0', 'no', 'off']);

/** How a flag is compared: without case and dashes. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll('-', '');
}

function namesOf(flag: Flag): string[] {
  return [flag.name, ...(flag.aliases ?? [])].map(plain);
}

/**
 * Brings what people and the original's scripts write into one form: flags anywhere, in any case, with or without
 * dashes (`--deletePvcs`); `-o=json`; `--async=false`; `--no-wait`; a TYPE before the verb (`release list`); `get values`.
 * Values are never changed, and a switch never takes the next word.
 * @throws UsageError for a flag that the command does not have, or that lacks its value
 */
export function normalizeArguments(line: readonly string[]): NormalLine {
  const { words, verbLength } = leadingWords(line);
  if (words.length === 0) {
    return { command: undefined, unknown: [], args: writeFlags(line, commonFlags, undefined) };
  }
  const name = words.slice(0, verbLength).join(' ');
  const command = findCommand(name);
  if (command === undefined) {
    return { command: undefined, unknown: words, args: asksForHelp(line) ? ['--help'] : [] };
  }
  return {
    command: command.name,
    unknown: [],
    args: writeFlags(reorder(line), flagsOf(command), command.name, verbLength),
  };
}

/** Behind a command that there is not, its flags mean nothing. */
function asksForHelp(line: readonly string[]): boolean {
  return line.some((token) => token === '--help' || token === '-h');
}

/** The first words that are neither flags nor values of flags, and how many of them name the command. */
function leadingWords(line: readonly string[]) {
  const words = wordsOf(reorder(line)).map(({ word }) => word);
  const first = words[0] ?? '';
  // `create` is a command and the first word of others.
  const isGroup = commandGroups.has(first) && words.length > 1;
  const isOne = isGroup && findCommand(first) !== undefined && findCommand(words.slice(0, 2).join(' ')) === undefined;
  const verbLength = isGroup && !isOne ? 2 : 1;
  return { words, verbLength };
}

/** Puts a verb before its TYPE, and leaves out `get` before the command that shows a part. */
function reorder(line: readonly string[]): readonly string[] {
  const [first, second] = wordsOf(line);
  if (first === undefined || second === undefined) return line;
  const next = [...line];
  if (first.word === 'get' && RELEASE_PARTS.has(second.word)) {
    next.splice(first.at, 1);
    return next;
  }
  if (typeOf(first.word) !== undefined && findCommand(second.word) !== undefined) {
    next[first.at] = second.word;
    next[second.at] = first.word;
  }
  return next;
}

/** The words of a line: neither flags nor their values. */
function wordsOf(line: readonly string[]): { word: string; at: number }[] {
  const flags = allFlags();
  const words: { word: string; at: number }[] = [];
  for (let at = 0; at < line.length; at += 1) {
    const token = line[at] ?? '';
    if (token === '--') {
      for (let rest = at + 1; rest < line.length; rest += 1) words.push({ word: line[rest] ?? '', at: rest });
      break;
    }
    if (!isFlag(token)) words.push({ word: token, at });
    else if (takesNext(token, flags)) at += 1;
  }
  return words;
}

function isFlag(token: string): boolean {
  return token.startsWith('-') && token !== '-' && token !== '--';
}

let everyFlag: readonly Flag[] | undefined;

/** The flags of all commands; common ones win where a short name has two meanings. */
function allFlags(): readonly Flag[] {
  everyFlag ??= [...commonFlags, ...commandTable.flatMap((command) => flagsOf(command))];
  return everyFlag;
}

/** Whether a flag takes the next word as its value, as far as that can be said before the command is known. */
function takesNext(token: string, flags: readonly Flag[]): boolean {
  if (token.includes('=')) return false;
  const flag = token.startsWith('--') ? findLong(token.slice(2), flags)?.flag : lastOfCluster(token, flags);
  return flag !== undefined && takesValue(flag);
}

function takesValue({ kind }: Flag): boolean {
  return kind !== 'switch' && kind !== 'count';
}

function lastOfCluster(token: string, flags: readonly Flag[]): Flag | undefined {
  for (let i = 1; i < token.length; i += 1) {
    const flag = flags.find(({ short }) => short === token[i]);
    if (flag === undefined) return undefined;
    if (takesValue(flag)) return i === token.length - 1 ? flag : undefined;
  }
  return undefined;
}

function findLong(name: string, flags: readonly Flag[]): { flag: Flag; negated: boolean } | undefined {
  const wanted = plain(name);
  const flag = flags.find((candidate) => namesOf(candidate).includes(wanted));
  if (flag !== undefined) return { flag, negated: false };
  if (!wanted.startsWith('no')) return undefined;
  const negatable = flags.find(
    ({ kind, ...rest }) => kind === 'switch' && namesOf({ kind, ...rest }).includes(wanted.slice(2)),
  );
  return negatable === undefined ? undefined : { flag: negatable, negated: true };
}

/** Writes flags canonically, each with its value, and the words after them; the words of the command are left out. */
function writeFlags(
  line: readonly string[],
  flags: readonly Flag[],
  command: string | undefined,
  verbLength = 0,
): string[] {
  const written: string[] = [];
  const words: string[] = [];
  for (let at = 0; at < line.length; at += 1) {
    const token = line[at] ?? '';
    if (token === '--') {
      words.push(...line.slice(at + 1));
      break;
    }
    if (!isFlag(token)) {
      words.push(token);
      continue;
    }
    const used = token.startsWith('--')
      ? writeLong(token, line[at + 1], flags, written, command)
      : writeShort(token, line[at + 1], flags, written, command);
    at += used;
  }
  return [...written, '--', ...words.slice(verbLength)];
}

/** Returns how many further tokens were used. */
function writeLong(
  token: string,
  next: string | undefined,
  flags: readonly Flag[],
  written: string[],
  command: string | undefined,
): 0 | 1 {
  const equals = token.indexOf('=');
  const name = token.slice(2, equals < 0 ? undefined : equals);
  const value = equals < 0 ? undefined : token.slice(equals + 1);
  const found = findLong(name, flags);
  if (found === undefined) throw unknownFlag(`--${name}`, flags, command);
  if (!takesValue(found.flag)) {
    writeSwitch(found.flag, found.negated, value, written);
    return 0;
  }
  return writeValue(found.flag, value, next, written);
}

function writeShort(
  token: string,
  next: string | undefined,
  flags: readonly Flag[],
  written: string[],
  command: string | undefined,
): 0 | 1 {
  for (let i = 1; i < token.length; i += 1) {
    const flag = flags.find(({ short }) => short === token[i]);
    if (flag === undefined) throw unknownFlag(`-${token[i] ?? ''}`, flags, command);
    const rest = token.slice(i + 1);
    if (takesValue(flag)) {
      const value = rest === '' ? undefined : rest.startsWith('=') ? rest.slice(1) : rest;
      return writeValue(flag, value, next, written);
    }
    if (rest.startsWith('=')) {
      writeSwitch(flag, false, rest.slice(1), written);
      return 0;
    }
    writeSwitch(flag, false, undefined, written);
  }
  return 0;
}

function writeSwitch(flag: Flag, negated: boolean, value: string | undefined, written: string[]): void {
  const text = (value ?? 'true').toLowerCase();
  if (!TRUE.has(text) && !FALSE.has(text)) {
    throw new UsageError(`--${flag.name} is a switch: it takes =true or =false, not =${value ?? ''}`);
  }
  const on = TRUE.has(text) !== negated;
  if (on) written.push(`--${flag.name}`);
  else if (flag.kind === 'switch') written.push(`--no-${flag.name}`);
}

function writeValue(flag: Flag, value: string | undefined, next: string | undefined, written: string[]): 0 | 1 {
  const text = value ?? next;
  if (text === undefined) {
    throw new UsageError(`--${flag.name} needs a value: --${flag.name} ${flag.value ?? 'VALUE'}`);
  }
  written.push(`--${flag.name}=${text}`);
  return value === undefined ? 1 : 0;
}

function unknownFlag(name: string, flags: readonly Flag[], command: string | undefined): UsageError {
  const what = command === undefined ? 'walmctl' : `walmctl ${command}`;
  const near = nearest(
    name.replace(/^-+/, ''),
    flags.map((flag) => flag.name),
  );
  const hints = near === undefined ? [] : [`did you mean --${near}?`];
  return new UsageError(`${what} has no flag ${name}`, [...hints, `all flags: ${what} --help`]);
}
