import { changeCommands } from './change-commands.ts';
import { changeFlags } from './change-flags.ts';
import { chartCommands } from './chart-commands.ts';
import { clusterCommands } from './cluster-commands.ts';
import type { Command, Flag } from './command.ts';
import { commonFlags } from './common-flags.ts';
import { contentFlags } from './content-flags.ts';
import { followCommands } from './follow-commands.ts';
import { lookCommands } from './look-commands.ts';
import { projectCommands } from './project-commands.ts';
import { settingsCommands } from './settings-commands.ts';

const rows = [
  ...changeCommands,
  ...projectCommands,
  ...lookCommands,
  ...followCommands,
  ...chartCommands,
  ...clusterCommands,
  ...settingsCommands,
] as const;

/** The name of a command. */
export type CommandName = (typeof rows)[number]['name'];

/** Every command. Parser, help, completion, the reference page and the check of the transcripts come from it. */
export const commandTable: readonly (Command & { readonly name: CommandName })[] = rows;

const sets = { change: changeFlags, content: contentFlags } as const;

/** The flags that a command has of its own, without those that every command has; each name once. */
export function ownFlags(command: Command): readonly Flag[] {
  const flags = [...(command.flags ?? [])];
  for (const set of command.sets ?? []) {
    for (const flag of sets[set]) {
      const taken = flags.some(({ name }) => name === flag.name) || command.without?.includes(flag.name) === true;
      if (!taken) flags.push(flag);
    }
  }
  return flags;
}

/** All flags of a command. A short name that the command has for itself is not common to it. */
export function flagsOf(command: Command): readonly Flag[] {
  const own = ownFlags(command);
  const taken = new Set(own.map(({ name }) => name));
  return [...own, ...commonFlags.filter(({ name }) => !taken.has(name))];
}

/** The command of this name or alias. */
export function findCommand(name: string): (Command & { readonly name: CommandName }) | undefined {
  return commandTable.find((row) => row.name === name || row.aliases?.includes(name) === true);
}

/** First words of commands of two words, such as config. */
export const commandGroups: ReadonlySet<string> = new Set(
  commandTable.flatMap(({ name }) => (name.includes(' ') ? [name.slice(0, name.indexOf(' '))] : [])),
);
