import { UsageError } from '../errors/failures.ts';
import type { Command, Flag } from '../table/command.ts';
import type { CommandName } from '../table/command-table.ts';
import { readDuration } from './duration.ts';

/** A flag as it was given, in the order of the line. */
export interface Occurrence {
  readonly name: string;
  readonly value: string;
}

/** A command line that was understood. */
export interface ParsedLine {
  readonly command: Command & { readonly name: CommandName };
  readonly words: readonly string[];
  /** The value of a text that was given last; undefined if it was not given. */
  text(name: string): string | undefined;
  /** Whether a switch is on: as given, or by its default. */
  on(name: string): boolean;
  /** Whether a flag was given at all. */
  given(name: string): boolean;
  /** All values of a list. */
  list(name: string): readonly string[];
  /** @throws UsageError if it is not a whole number */
  number(name: string): number | undefined;
  /** Seconds of a duration: as given, or by its default. @throws UsageError if it is none */
  seconds(name: string): number | undefined;
  /** How often a count was given. */
  count(name: string): number;
  /** These flags in the order of the line. */
  inOrder(names: readonly string[]): readonly Occurrence[];
}

/** Reads the occurrences of flags by their kinds. */
export function parsedLine(
  command: Command & { readonly name: CommandName },
  flags: readonly Flag[],
  words: readonly string[],
  occurrences: readonly Occurrence[],
): ParsedLine {
  const flagOf = (name: string): Flag | undefined => flags.find((flag) => flag.name === name);
  const last = (name: string) => occurrences.findLast((occurrence) => occurrence.name === name)?.value;
  return {
    command,
    words,
    text: last,
    on: (name) => (last(name) ?? flagOf(name)?.byDefault) === 'true',
    given: (name) => last(name) !== undefined,
    list: (name) => occurrences.filter((occurrence) => occurrence.name === name).map(({ value }) => value),
    number(name) {
      const text = last(name);
      if (text === undefined) return undefined;
      if (!/^\d{1,15}$/.test(text)) throw new UsageError(`--${name} takes a whole number, not ${text}`);
      return Number(text);
    },
    seconds(name) {
      const given = last(name);
      const seconds = readDuration(given ?? flagOf(name)?.byDefault ?? '');
      if (given !== undefined && seconds === undefined) {
        throw new UsageError(`--${name} takes a duration such as 90s, 5m or 1h, not ${given}`);
      }
      return seconds;
    },
    count: (name) => occurrences.filter((occurrence) => occurrence.name === name).length,
    inOrder: (names) => occurrences.filter(({ name }) => names.includes(name)),
  };
}
