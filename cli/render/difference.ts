import type { Paint } from './colour.ts';
import { changedLines, lineDiff, type DiffLine } from './line-diff.ts';
import { pathOf } from './path.ts';
import { at, listAt, numberAt, textAt } from './read-value.ts';
import { formatScalar } from './scalar.ts';
import { oneLine } from './width.ts';

const MARKS: Readonly<Record<string, string>> = {
  added: '+',
  removed: '-',
  changed: '~',
  missing: '-',
  created: '+',
  deleted: '-',
};

/** `+ v1 Service demo/web`, and below it what differs. */
export function objectLines(object: unknown, paint: Paint): string[] {
  const change = textAt(object, 'change') || textAt(object, 'state') || textAt(object, 'outcome');
  const mark = MARKS[change] ?? '~';
  const head = oneLine(`${mark} ${textAt(object, 'apiVersion')} ${textAt(object, 'kind')} ${textAt(object, 'name')}`);
  const reason = textAt(object, 'message') || textAt(object, 'reason');
  const suffix = change === 'missing' ? '  is not there' : reason === '' ? '' : `  ${oneLine(reason)}`;
  const colour = mark === '+' ? paint.good : mark === '-' ? paint.bad : paint.busy;
  return [
    colour(head) + suffix,
    ...listAt(object, 'differences').flatMap((difference) => pathLines(difference, paint)),
  ];
}

/** One changed field: its path, and old and new value; a secret says only that it changed. */
export function pathLines(difference: unknown, paint: Paint): string[] {
  const path = pathOf(textAt(difference, 'path'));
  const hasOld = has(difference, 'old');
  const hasNew = has(difference, 'new');
  const [before, after] = [shown(difference, 'old'), shown(difference, 'new')];
  if (before === '***' && after === '***') return [`    ${oneLine(path)}: *** (changed)`];
  const short = before.length + after.length < 60 && !before.includes('\n') && !after.includes('\n');
  if (hasOld && hasNew && short) {
    return [`    ${oneLine(path)}: ${paint.bad(oneLine(before))} → ${paint.good(oneLine(after))}`];
  }
  const lines = comparedLines(hasOld ? before : undefined, hasNew ? after : undefined);
  const colours = { ' ': paint.faint, '-': paint.bad, '+': paint.good };
  return [
    `    ${oneLine(path)}:`,
    ...lines.map(({ mark, text }) => colours[mark](`      ${mark} ${oneLine(text)}`.trimEnd())),
  ];
}

function comparedLines(before: string | undefined, after: string | undefined): DiffLine[] {
  if (before === undefined) return (after ?? '').split('\n').map((text) => ({ mark: '+', text }));
  if (after === undefined) return before.split('\n').map((text) => ({ mark: '-', text }));
  return changedLines(lineDiff(before, after), 1);
}

function has(value: unknown, key: string): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key);
}

function shown(difference: unknown, side: 'old' | 'new'): string {
  if (!has(difference, side)) return '';
  const value = at(difference, side);
  return value === undefined ? 'null' : value === '' ? '""' : formatScalar(value);
}

/** What a dry run with differences says: objects, then the releases that would follow. */
export function applyDifference(answer: unknown, paint: Paint): string[] {
  const hidden = numberAt(answer, 'hiddenDependents');
  return [
    ...listAt(answer, 'objects').flatMap((object) => objectLines(object, paint)),
    ...listAt(answer, 'dependents').map((one) => {
      const outputs = listAt(one, 'outputs').map(formatScalar).join(', ');
      return oneLine(`> ${textAt(one, 'namespace')}/${textAt(one, 'name')} would follow: ${outputs}`);
    }),
    ...(hidden > 0 ? [`> and ${hidden} releases that you may not list`] : []),
  ];
}

/** `1 added, 2 changed`. */
export function differenceCounts(objects: readonly unknown[]): string {
  const counts = new Map<string, number>();
  for (const object of objects) {
    const change = textAt(object, 'change') || textAt(object, 'state') || textAt(object, 'outcome');
    counts.set(change, (counts.get(change) ?? 0) + 1);
  }
  return counts.size === 0 ? 'nothing differs' : [...counts].map(([change, count]) => `${count} ${change}`).join(', ');
}
