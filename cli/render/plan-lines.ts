import { listAt, numberAt, textAt } from './read-value.ts';
import { oneLine } from './width.ts';

/** The mark of a step, as diff has it. */
const MARKS: Readonly<Record<string, string>> = { install: '+', upgrade: '~', remove: '-', none: '.' };

/** Reasons of the plan in words; those that the chart and the values show better are left out. */
const REASONS: Readonly<Record<string, string>> = {
  NOT_THERE: '',
  CHART_CHANGED: '',
  VALUES_CHANGED: '',
  COMMON_VALUES_CHANGED: 'common values',
  LABELS_CHANGED: 'labels',
  DEPENDENCIES_CHANGED: 'dependencies',
  PLUGINS_CHANGED: 'plugins',
  AUTOMATIC_DEPENDENCY: 'connected automatically',
  NOT_NAMED: 'not in the file',
  FAILED_BEFORE: 'failed before',
  OUTSIDE_CHANGE: 'changed outside of Walm',
  ADOPTED: 'adopted',
  UNDER_WAY: 'a change of the project is under way',
};

/** The steps of a plan that change something. */
export function changingSteps(plan: unknown): readonly unknown[] {
  return listAt(plan, 'steps').filter((step) => textAt(step, 'action') !== 'none');
}

/** A plan for people: a line a release, in the order of the waves. */
export function planLines(plan: unknown): string[] {
  const steps = listAt(plan, 'steps').toSorted((left, right) => waveOf(left) - waveOf(right));
  const width = Math.max(0, ...steps.map((step) => textAt(step, 'release').length));
  return steps.map((step) => {
    const action = textAt(step, 'action');
    const wave = numberAt(step, 'wave');
    const head = `${MARKS[action] ?? '?'} ${wave > 0 ? `${wave}`.padStart(2) : '  '}  ${textAt(step, 'release').padEnd(width)}`;
    return oneLine(
      `${head}  ${action === 'none' ? 'unchanged' : action.padEnd(9)}  ${whyOf(step).join(', ')}`,
    ).trimEnd();
  });
}

/** Steps without a wave come last. */
function waveOf(step: unknown): number {
  return numberAt(step, 'wave') || Number.MAX_SAFE_INTEGER;
}

function whyOf(step: unknown): string[] {
  const [from, to] = [textAt(step, 'chart', 'from', 'version'), textAt(step, 'chart', 'to', 'version')];
  const name = textAt(step, 'chart', 'to', 'name') || textAt(step, 'chart', 'from', 'name');
  const chart = from === to || from === '' || to === '' ? '' : `chart ${from} → ${to}`;
  const values = listAt(step, 'values').length;
  const isNew = textAt(step, 'action') === 'install';
  const reasons = listAt(step, 'reasons').map((reason) => REASONS[String(reason)] ?? String(reason));
  return [
    isNew ? `${name} ${to}`.trim() : chart,
    values === 0 || isNew ? '' : `${values} ${values === 1 ? 'value' : 'values'}`,
    ...reasons,
  ].filter((text) => text !== '');
}

/** How many releases are installed, upgraded, removed and left as they are. */
export function planSummary(plan: unknown): string {
  const count = (action: string): number =>
    listAt(plan, 'steps').filter((step) => textAt(step, 'action') === action).length;
  const parts = [
    `${count('install')} to install`,
    `${count('upgrade')} to upgrade`,
    `${count('remove')} to remove`,
    `${count('none')} unchanged`,
  ];
  return oneLine(`project ${textAt(plan, 'namespace')}/${textAt(plan, 'name')}: ${parts.join(', ')}`);
}
