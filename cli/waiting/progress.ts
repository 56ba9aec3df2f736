import { stringifyExact } from '../../contract/exact-json.ts';
import { at, listAt, textAt } from '../render/read-value.ts';
import type { Session } from '../session/session.ts';
import { progressFrame, progressSummary, type ProgressState } from './progress-frame.ts';

/** Shows how a change goes on standard error, as --progress says. */
export interface Progress {
  show(state: ProgressState): void;
  /** Removes what a terminal shows; the answer follows. */
  end(): void;
}

/** A quiet log says something after this long without a change. */
const REMINDER_SECONDS = 30;
const FRAME_MS = 125;
/** What is done within a second needs no lines in a log. */
const SILENT_SECONDS = 1;
/** Rows of the terminal that are left alone. */
const SPARED_ROWS = 4;

/** Chooses how progress is shown: redrawn on a terminal, a line per change elsewhere. */
export function createProgress(session: Session): Progress {
  const { io, line, output } = session;
  const choice = line.text('progress') ?? 'auto';
  const isWatched = io.err.isTerminal && !io.env['CI'] && io.env['TERM'] !== 'dumb';
  const mode = choice === 'auto' ? (isWatched ? 'tty' : 'plain') : choice;
  if (output.quiet || mode === 'none') return { show: () => undefined, end: () => undefined };
  if (mode === 'json') return jsonProgress(session);
  return mode === 'tty' ? terminalProgress(session) : plainProgress(session);
}

function terminalProgress({ io, output }: Session): Progress {
  let drawn = 0;
  let last: ProgressState | undefined;
  let lastAt = 0;
  let shownAt = Number.NEGATIVE_INFINITY;
  const draw = () => {
    if (last === undefined) return;
    const { columns, rows } = io.err.size();
    const seconds = last.seconds + (io.clock() - lastAt) / 1000;
    const lines = progressFrame({ ...last, seconds }, columns, rows - SPARED_ROWS, output.errPaint);
    const up = drawn > 0 ? `\u001b[${drawn}A\r\u001b[J` : '';
    io.err.write(`${up}${lines.join('\n')}\n`);
    drawn = lines.length;
    shownAt = io.clock();
  };
  const stop = io.every(1000, draw);
  return {
    show(state) {
      last = state;
      lastAt = io.clock();
      if (lastAt - shownAt >= FRAME_MS) draw();
    },
    end() {
      stop();
      if (drawn > 0) io.err.write(`\u001b[${drawn}A\r\u001b[J`);
      drawn = 0;
    },
  };
}

function plainProgress({ io }: Session): Progress {
  let said = '';
  let saidAt = 0;
  return {
    show(state) {
      if (state.seconds < SILENT_SECONDS) return;
      const summary = progressSummary(state);
      const isReminder = state.seconds - saidAt >= REMINDER_SECONDS;
      if (summary === said && !isReminder) return;
      const waited = isReminder && summary === said ? ` (${Math.round(state.seconds)}s)` : '';
      said = summary;
      saidAt = state.seconds;
      io.err.write(`${new Date(io.now()).toISOString().slice(11, 19)} ${state.title}: ${summary}${waited}\n`);
    },
    end: () => undefined,
  };
}

function jsonProgress({ io }: Session): Progress {
  let said = '';
  return {
    show(state) {
      const summary = progressSummary(state);
      if (summary === said) return;
      said = summary;
      const object = {
        time: new Date(io.now()).toISOString(),
        task: textAt(state.task, 'id'),
        release: `${textAt(state.release ?? state.task, 'namespace')}/${textAt(state.release, 'name') || textAt(state.task, 'release')}`,
        phase: textAt(state.task, 'progress', 'phase') || textAt(state.release, 'phase'),
        state: at(state.task, 'state') ?? '',
        message: summary,
        waitingFor: listAt(state.release, 'waitingFor'),
      };
      io.err.write(`${stringifyExact(object) ?? ''}\n`);
    },
    end: () => undefined,
  };
}
