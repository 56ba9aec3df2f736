import { clockSpan } from '../render/age.ts';
import type { Paint } from '../render/colour.ts';
import { at, listAt, numberAt, textAt } from '../render/read-value.ts';
import { formatScalar } from '../render/scalar.ts';
import { cutTo, oneLine, padTo } from '../render/width.ts';

/** What is known of a change, or of a release that is waited for. */
export interface ProgressState {
  /** `upgrade demo/kafka`. */
  readonly title: string;
  /** The task as the API has it; undefined while only a release is waited for. */
  readonly task: unknown;
  /** The release as the API has it; undefined before it is known. */
  readonly release: unknown;
  readonly seconds: number;
  /** Why the server cannot be asked now; empty if it can. */
  readonly problem: string;
}

const STEPS = ['fetch', 'crds', 'render', 'validate', 'hooks', 'apply', 'wait', 'record', 'delete'] as const;

/** The lines that a terminal shows of a change: never more than `rows`, none wider than `width`. */
export function progressFrame(state: ProgressState, width: number, rows: number, paint: Paint): string[] {
  const revision = numberAt(state.task, 'revision') || numberAt(state.release, 'version');
  const right = `${revision > 0 ? `revision ${revision}  ` : ''}${clockSpan(state.seconds)}`;
  const head = `${padTo(cutTo(oneLine(state.title), width - right.length - 2), Math.max(0, width - right.length))}${right}`;
  const lines = [paint.bold(head)];
  const steps = stepsLine(state.task);
  if (steps !== '') lines.push(cutTo(`  ${steps}`, width));
  if (state.problem !== '') lines.push(paint.bad(cutTo(`  ${oneLine(state.problem)}`, width)));
  const awaited = listAt(state.release, 'waitingFor');
  const room = Math.max(1, rows - lines.length);
  const shown = awaited.length > room ? awaited.slice(0, room - 1) : awaited;
  for (const one of shown) lines.push(cutTo(`  ${awaitedCells(one)}`, width));
  if (shown.length < awaited.length) lines.push(`  and ${awaited.length - shown.length} more`);
  return lines.slice(0, Math.max(1, rows));
}

/** `render ✓  apply 7/7 ✓  wait 5/7`: the present step, and those before it. */
function stepsLine(task: unknown): string {
  const phase = textAt(task, 'progress', 'phase');
  if (textAt(task, 'state') === 'queued') return 'waits for its turn';
  if (phase === '') return '';
  const total = at(task, 'progress', 'total');
  const count = total === undefined ? '' : ` ${numberAt(task, 'progress', 'done')}/${formatScalar(total)}`;
  const isKnown = (STEPS as readonly string[]).includes(phase);
  const object = at(task, 'progress', 'object');
  const name = object === undefined ? '' : `  ${textAt(object, 'kind')} ${textAt(object, 'name')}`;
  return oneLine(`${isKnown ? phase : `step ${phase}`}${count}${name}`);
}

function awaitedCells(awaited: unknown): string {
  const container = textAt(awaited, 'container');
  const reason = textAt(awaited, 'reason');
  return oneLine(
    `${padTo(textAt(awaited, 'kind'), 12)}${padTo(textAt(awaited, 'name'), 20)} ` +
      `${container === '' ? '' : `container ${container}: `}${textAt(awaited, 'message') || reason}` +
      `${reason === '' || textAt(awaited, 'message') === '' ? '' : ` (${reason})`}`,
  );
}

/** One line for logs: the state in a few words; the same text means that nothing changed. */
export function progressSummary(state: ProgressState): string {
  if (state.problem !== '') return oneLine(state.problem);
  const taskState = textAt(state.task, 'state');
  if (taskState === 'queued') return 'queued';
  const phase = textAt(state.task, 'progress', 'phase');
  if (taskState === 'running' && phase !== 'wait') return phase === '' ? 'running' : phase;
  const first = listAt(state.release, 'waitingFor')[0];
  if (first === undefined) return taskState === '' ? 'waiting' : taskState;
  const reason = textAt(first, 'reason');
  return oneLine(`waits for ${textAt(first, 'kind')} ${textAt(first, 'name')}${reason === '' ? '' : ` (${reason})`}`);
}
