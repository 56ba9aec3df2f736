/** Shows the progress of one step of quickstart: in place on a terminal, otherwise a line for each change. */
export interface ProgressLine {
  update(text: string): void;
  done(text: string): void;
}

/** Starts the line of a step; times are seconds since then. */
export function startProgress(step: string): ProgressLine {
  const startedAt = performance.now();
  const inPlace = process.stdout.isTTY;
  let last = '';
  const line = (mark: string, text: string): string => {
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    return `${mark} ${step.padEnd(10)} ${text} (${seconds} s)`;
  };
  const clear = inPlace ? '\r\u001B[2K' : '';
  return {
    update(text) {
      if (!inPlace && text === last) return;
      last = text;
      process.stdout.write(`${clear}${line('…', text).slice(0, inPlace ? process.stdout.columns - 1 : undefined)}`);
      if (!inPlace) process.stdout.write('\n');
    },
    done(text) {
      process.stdout.write(`${clear}${line('✓', text)}\n`);
    },
  };
}
