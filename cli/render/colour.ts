import type { Environment } from '../system/environment.ts';

/** Colours a text; never the only carrier of a meaning. */
export interface Paint {
  good(text: string): string;
  bad(text: string): string;
  busy(text: string): string;
  faint(text: string): string;
  bold(text: string): string;
  /** One of several colours, to tell things apart that are alike. */
  numbered(index: number, text: string): string;
}

/** Cyan, green, yellow, magenta, blue, and their bright forms: neither red, which is bad, nor white. */
const NUMBERED = [36, 32, 33, 35, 34, 96, 92, 93, 95, 94];

/** Whether a stream gets colours: `--color`, then `NO_COLOR`, `CLICOLOR_FORCE` and `FORCE_COLOR`, then what it is. */
export function wantsColour(choice: string, isTerminal: boolean, env: Environment): boolean {
  if (choice === 'always') return true;
  if (choice === 'never' || env['NO_COLOR']) return false;
  const forced = env['CLICOLOR_FORCE'] ?? env['FORCE_COLOR'];
  if (forced !== undefined && forced !== '' && forced !== '0') return true;
  return isTerminal && env['TERM'] !== 'dumb';
}

/** The sixteen colours of every terminal, or none. */
export function createPaint(coloured: boolean): Paint {
  const code = (number: number) => (text: string) =>
    coloured && text !== '' ? `\u001b[${number}m${text}\u001b[0m` : text;
  return {
    good: code(32),
    bad: code(31),
    busy: code(33),
    faint: code(2),
    bold: code(1),
    numbered: (index, text) => code(NUMBERED[index % NUMBERED.length] ?? 36)(text),
  };
}
