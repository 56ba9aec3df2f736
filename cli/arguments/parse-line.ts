import { findCommand, type CommandName } from '../table/command-table.ts';
import { normalizeArguments } from './normalize-arguments.ts';
import type { ParsedLine } from './parsed-line.ts';
import { withTypedName } from './targets.ts';

/** What a command line asks for: a command with its flags, help, or something that is not a command. */
export type Understood =
  | { readonly kind: 'run'; readonly line: ParsedLine }
  | { readonly kind: 'help'; readonly command: CommandName | undefined }
  | { readonly kind: 'unknown'; readonly words: readonly string[] };

/**
 * Understands a command line. Help needs no parser library, which is loaded for a command only.
 * @throws UsageError for flags and words that the command does not take
 */
export async function parseLine(argv: readonly string[]): Promise<Understood> {
  const { command: name, unknown, args } = normalizeArguments(argv);
  if (name === undefined) {
    return unknown.length > 0 && !args.includes('--help')
      ? { kind: 'unknown', words: unknown }
      : { kind: 'help', command: undefined };
  }
  if (args.slice(0, args.indexOf('--')).includes('--help')) {
    return { kind: 'help', command: name };
  }
  const command = findCommand(name);
  if (command === undefined) {
    return { kind: 'unknown', words: [name] };
  }
  return { kind: 'run', line: (await import('./parse-with.ts')).parseWith(command, withTypedName(command, args)) };
}
