import { Argument, Command as Parser, CommanderError, Option } from 'commander';

import { UsageError } from '../errors/failures.ts';
import type { Command, Flag } from '../table/command.ts';
import { flagsOf, type CommandName } from '../table/command-table.ts';
import { parsedLine, type Occurrence, type ParsedLine } from './parsed-line.ts';

/**
 * Parses the flags and words of one command with the parser library. It is given this command only, made from the row of
 * the table: what the line does not name costs nothing.
 * @throws UsageError for flags, words and values that the command does not take
 */
export function parseWith(command: Command & { readonly name: CommandName }, args: readonly string[]): ParsedLine {
  const flags = flagsOf(command);
  const occurrences: Occurrence[] = [];
  const parser = new Parser(command.name);
  parser.exitOverride().helpOption(false).helpCommand(false).allowExcessArguments(false);
  parser.configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  for (const flag of flags) addFlag(parser, flag, occurrences);
  for (const argument of command.arguments ?? []) {
    const many = argument.many === true ? '...' : '';
    parser.addArgument(
      new Argument(argument.required === true ? `<${argument.name}${many}>` : `[${argument.name}${many}]`),
    );
  }
  // Without an action excess words are not refused.
  parser.action(() => undefined);
  try {
    parser.parse([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) throw usageOf(error, command);
    throw error;
  }
  return parsedLine(command, flags, parser.args, occurrences);
}

function addFlag(parser: Parser, flag: Flag, occurrences: Occurrence[]): void {
  const record = (value: string) => void occurrences.push({ name: flag.name, value });
  if (flag.kind === 'switch' || flag.kind === 'count') {
    parser.addOption(new Option(`--${flag.name}`));
    parser.on(`option:${flag.name}`, () => record('true'));
    if (flag.kind === 'switch') {
      parser.addOption(new Option(`--no-${flag.name}`));
      parser.on(`option:no-${flag.name}`, () => record('false'));
    }
    return;
  }
  const option = new Option(`--${flag.name} <value>`);
  if (flag.choices !== undefined && !flag.choices.some((choice) => choice.endsWith('='))) {
    option.choices(flag.choices);
  }
  parser.addOption(option);
  parser.on(`option:${flag.name}`, record);
}

/** The library's sentence in the words of walmctl. */
function usageOf(error: CommanderError, command: Command): UsageError {
  const help = `walmctl ${command.name} --help`;
  const message = error.message.replace(/^error: /, '');
  switch (error.code) {
    case 'commander.missingArgument': {
      const missing = /'(.+)'/.exec(message)?.[1] ?? 'NAME';
      return new UsageError(`walmctl ${command.name} needs ${missing}`, [`examples: ${help}`]);
    }
    case 'commander.excessArguments':
      return new UsageError(`walmctl ${command.name} takes fewer arguments than these`, [`examples: ${help}`]);
    case 'commander.invalidArgument': {
      const parts = /option '--(\S+) <value>' argument '([^]*)' is invalid\. Allowed choices are (.+)\./.exec(message);
      if (parts === null) return new UsageError(message, [`examples: ${help}`]);
      return new UsageError(
        `--${parts[1] ?? ''} is ${(parts[3] ?? '').replace(/, ([^,]+)$/, ' or $1')}, not ${parts[2] ?? ''}`,
      );
    }
    default:
      return new UsageError(message, [`all flags: ${help}`]);
  }
}
