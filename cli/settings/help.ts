import { commandHelp, overview, SUBJECTS } from '../arguments/help-layout.ts';
import { EXIT } from '../errors/exit-code.ts';
import { UsageError } from '../errors/failures.ts';
import type { CommandRun } from '../session/command-run.ts';
import { commandTable, findCommand } from '../table/command-table.ts';

/** Prints the help of a command or of a subject. */
export const help: CommandRun = async ({ line, io }) => {
  io.out.write(helpText(line.words));
  return EXIT.done;
};

/** The help that these words ask for. @throws UsageError if there is none */
export function helpText(words: readonly string[]): string {
  const name = words.join(' ');
  if (name === '') return overview();
  const command = findCommand(name) ?? findCommand(words[0] ?? '');
  if (command !== undefined) return commandHelp(command);
  const subject = Object.hasOwn(SUBJECTS, name) ? SUBJECTS[name] : undefined;
  if (subject !== undefined) return subject();
  const group = commandTable.filter((row) => row.name.startsWith(`${name} `));
  if (group.length > 0) return group.map(commandHelp).join('\n');
  throw new UsageError(`there is no help on ${name}`, [
    `subjects: ${Object.keys(SUBJECTS).join(', ')}; commands: walmctl --help`,
  ]);
}
