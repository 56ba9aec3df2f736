import type { Ran } from './shell.ts';

/** A text with commands and what they printed, in the form of `$ command`, output, `stderr:`, `exit=N`. */
export interface Entry {
  readonly command: string;
  /** Everything below the command, with `exit=N` as its last line. */
  readonly answer: string;
}

/** A transcript: lines of comment before its first command, and the commands. */
export interface Transcript {
  readonly comment: string;
  readonly entries: readonly Entry[];
}

export function readTranscript(text: string): Transcript {
  const [comment = '', ...blocks] = text.split(/^\$ /m);
  return {
    comment,
    entries: blocks.map((block) => {
      const end = block.indexOf('\n');
      return { command: block.slice(0, end), answer: block.slice(end + 1).trimEnd() };
    }),
  };
}

export function writeTranscript({ comment, entries }: Transcript): string {
  return `${comment}${entries.map(({ command, answer }) => `$ ${command}\n${answer}\n`).join('\n')}`;
}

/** What stands below a command, masked. */
export function answerOf({ code, out, err }: Ran, mask: (text: string) => string): string {
  const said = mask(err).trimEnd();
  const parts = [mask(out).trimEnd(), said === '' ? '' : `stderr:\n${said}`, `exit=${code}`];
  return parts.filter((part) => part !== '').join('\n');
}

const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;

/** What differs from run to run, by what is shown instead. */
const MASKS: readonly (readonly [RegExp, string])[] = [
  // How far a change has come at the moment of a look.
  [/^\d\d:\d\d:\d\d [a-z]+ \S+\/\S+: .*\n/gm, ''],
  [UUID, '<task>'],
  [/\b[0-9a-f]{32}\b/g, '<task>'],
  [/\b\d+ ms\b/g, '<ms>'],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>'],
  [/\b\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?/g, '<time>'],
  [/\b\d\d:\d\d:\d\d\b/g, '<time>'],
  [/\b(127\.0\.0\.1|localhost):\d+/g, '$1:<port>'],
  [/\b(sha256:)?[0-9a-f]{64}\b/g, '<digest>'],
  [/\b10\.\d+\.\d+\.\d+\b/g, '<ip>'],
  // Ages, as cells of tables.
  [/(?<=\s{2})\d+(ms|s|m|h|d)(\d+(s|m|h))?(?=\s{2}|$)/gm, '<age>'],
  [/(?<=\s{2})\d+\.\d+s(?=\s{2}|$)/gm, '<age>'],
  [/\b\d+[smhd] ago\b/g, '<age> ago'],
  [/ request <task>/g, ' request <request>'],
];

/** Masks what differs from run to run, and the widths of columns that follow from it. */
export function maskRun(text: string, own: readonly (readonly [string, string])[] = []): string {
  let masked = text;
  for (const [from, to] of own) masked = masked.replaceAll(from, to);
  for (const [from, to] of MASKS) masked = masked.replace(from, to);
  return masked.replace(/(?<=[^\s│]) {3,}(?=\S)/g, '  ').replace(/[ \t]+$/gm, '');
}
