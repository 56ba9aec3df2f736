import type { TaskProgress } from '../../../contract/schemas/task.ts';
import { takesLessThan } from '../../domain/json/takes-less-than.ts';
import type { Task } from '../../domain/tasks/task.ts';
import type { Clock } from '../../ports/runtime/clock.ts';

/** Tasks that end within this time are never written for their progress. */
const FIRST_AFTER_MS = 2_000;
/** Minimum time between two writes of one task's progress. */
const EVERY_MS = 2_000;
/** The same for a task that holds more than this: all of it is written each time. */
const LARGE_EVERY_MS = 30_000;
const LARGE = 64 * 1024;

/** What is known of the stored progress of a task, from one run to the next. */
export type NotedProgress = {
  /** When this process started the task. */
  readonly since: number;
  /** Minimum time between two writes, in milliseconds. */
  readonly everyMs: number;
  /** When its progress was written last; null before. */
  writtenAt: number | null;
  /** The phase, and the object or message, that are stored. */
  step: string;
};

/** A task that has just been started: nothing is stored of its progress. */
export function nothingNoted({ order }: Pick<Task, 'order'>, clock: Pick<Clock, 'now'>): NotedProgress {
  const everyMs = takesLessThan(order, LARGE) ? EVERY_MS : LARGE_EVERY_MS;
  return { since: clock.now(), everyMs, writtenAt: null, step: '' };
}

/** Where progress goes: to readers in this process, and to the stored task, which every process reads. */
export type ProgressReaders = {
  show: (progress: TaskProgress) => void;
  write: (progress: TaskProgress) => Promise<unknown>;
};

/** Makes the progress of one run visible. */
export type ProgressNotes = {
  /** Shows the present progress in this process; other processes see it later. Returns at once. */
  note(progress: TaskProgress): void;
  /** Ends the notes; resolves when no write of them is in flight. Never rejects. */
  end(): Promise<void>;
};

/**
 * Writes the progress of a task that runs for longer than 2 s, at most every 2 s (every 30 s if the task is large), and
 * only if its phase or object (without an object its message) has changed: the numbers in between stay in this process.
 * A write that fails is not repeated: the next change makes another one, and the end of the task does not depend on it.
 */
export function createProgressNotes(
  clock: Clock,
  noted: NotedProgress,
  { show, write }: ProgressReaders,
): ProgressNotes {
  let latest: TaskProgress | null = null;
  let writing: Promise<void> | null = null;
  let cancelTimer: (() => void) | null = null;
  let ended = false;

  function schedule(): void {
    if (ended || writing !== null || cancelTimer !== null || latest === null || stepOf(latest) === noted.step) {
      return;
    }
    const due = noted.writtenAt === null ? noted.since + FIRST_AFTER_MS : noted.writtenAt + noted.everyMs;
    if (due <= clock.now()) {
      // At once: a run that only looks again may be over before any timer.
      writing = store(latest);
      return;
    }
    cancelTimer = clock.after(due - clock.now(), () => {
      cancelTimer = null;
      schedule();
    });
  }

  async function store(progress: TaskProgress): Promise<void> {
    noted.writtenAt = clock.now();
    noted.step = stepOf(progress);
    await write(progress).catch(() => undefined);
    // What was written is shown now, although the task went on meanwhile.
    if (!ended && latest !== null && latest !== progress) {
      show(latest);
    }
    writing = null;
    schedule();
  }

  return {
    note(progress) {
      latest = progress;
      show(progress);
      schedule();
    },
    async end() {
      ended = true;
      cancelTimer?.();
      await writing;
    },
  };
}

/** Without an object, as in a change of a project, the message says what is waited for. */
function stepOf({ phase, object, message }: TaskProgress): string {
  return JSON.stringify([phase, object ?? message ?? null]);
}
