import { EXIT } from '../errors/exit-code.ts';
import { UsageError } from '../errors/failures.ts';
import type { CommandRun } from '../session/command-run.ts';
import { bashScript } from './bash-script.ts';
import { fishScript } from './fish-script.ts';
import { zshScript } from './zsh-script.ts';

/** Prints a completion script. It is built without contacting a server and without reading settings. */
export const completion: CommandRun = async ({ line, output }) => {
  const scripts: Readonly<Record<string, () => string>> = { bash: bashScript, zsh: zshScript, fish: fishScript };
  const [shell = ''] = line.words;
  const script = Object.hasOwn(scripts, shell) ? scripts[shell] : undefined;
  if (script === undefined) throw new UsageError(`there is no completion for ${shell}`, ['shells: bash, zsh, fish']);
  output.text(script());
  return EXIT.done;
};
