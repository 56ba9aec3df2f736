import type { Paint } from './colour.ts';
import { numberAt, textAt } from './read-value.ts';
import { oneLine } from './width.ts';

/** One finding: `FILE:LINE severity text (CODE)`; the place in a file where it has no line. */
export function lintLine(problem: unknown, paint: Paint): string {
  const [file, place] = [textAt(problem, 'file'), textAt(problem, 'path')];
  const line = numberAt(problem, 'line');
  const where = `${file === '' ? 'chart' : file}${line > 0 ? `:${line}` : ''}`;
  const severity = textAt(problem, 'severity');
  const painted = severity === 'error' ? paint.bad(severity) : paint.busy(severity);
  const at = place === '' ? '' : `${oneLine(place)}: `;
  return `${oneLine(where)} ${painted} ${at}${oneLine(textAt(problem, 'message'))} (${oneLine(textAt(problem, 'code'))})`;
}

/** How many there are of each. */
export function lintSummary(path: string, problems: readonly unknown[]): string {
  const errors = problems.filter((problem) => textAt(problem, 'severity') === 'error').length;
  const warnings = problems.length - errors;
  const count = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`;
  return oneLine(`${path}: ${count(errors, 'error')}, ${count(warnings, 'warning')}`);
}
