import type { Completer, Flag } from '../table/command.ts';
import { commandTable, flagsOf } from '../table/command-table.ts';
import { TYPE_WORDS } from '../table/object-types.ts';

/** What a script needs to know of one command. */
export interface CompletedCommand {
  readonly name: string;
  /** The command and its other names. */
  readonly names: readonly string[];
  readonly summary: string;
  readonly flags: readonly Flag[];
  /** What its words are; undefined: nothing that can be completed. */
  readonly words: Completer | undefined;
  readonly takesType: boolean;
}

/** All commands as completion sees them. */
export function completedCommands(): CompletedCommand[] {
  return commandTable.map((command) => ({
    name: command.name,
    names: [command.name, ...(command.aliases ?? [])],
    summary: command.summary,
    flags: flagsOf(command),
    words: command.arguments?.find(({ completer }) => completer !== undefined)?.completer,
    takesType: command.arguments?.[0]?.name === 'TYPE',
  }));
}

/** Flags as words: `--name`, and `-x`. */
export function flagWords(flags: readonly Flag[]): string[] {
  return flags.flatMap(({ name, short }) => [`--${name}`, ...(short === undefined ? [] : [`-${short}`])]);
}

/** Values that a flag can have and that never change. */
export function fixedValues(): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, readonly string[]>();
  for (const { flags } of completedCommands()) {
    for (const { name, short, choices } of flags) {
      if (choices === undefined) continue;
      values.set(`--${name}`, choices);
      if (short !== undefined) values.set(`-${short}`, choices);
    }
  }
  return values;
}

/** Names of flags by what completes their values. */
export function flagsByCompleter(): ReadonlyMap<Completer, readonly string[]> {
  const byCompleter = new Map<Completer, string[]>();
  for (const { flags } of completedCommands()) {
    for (const { name, short, completer } of flags) {
      if (completer === undefined) continue;
      const names = byCompleter.get(completer) ?? [];
      for (const word of [`--${name}`, ...(short === undefined ? [] : [`-${short}`])]) {
        if (!names.includes(word)) names.push(word);
      }
      byCompleter.set(completer, names);
    }
  }
  return byCompleter;
}

/** Words that name types, shortest of each kind left out. */
export const completedTypes: readonly string[] = TYPE_WORDS.filter((word) => word.length > 4);

/** The name of a command as a pattern of a shell's `case`. */
export function quoted(name: string): string {
  return name.includes(' ') ? `'${name}'` : name;
}
