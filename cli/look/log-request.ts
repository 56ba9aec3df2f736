import { UsageError } from '../errors/failures.ts';
import type { LogChoice, LogSource } from './log-sources.ts';

/** What a line of `logs` asks for. */
export interface LogRequest {
  readonly choice: LogChoice;
  /** Parameters of the API: how far back the log of a container begins. */
  readonly from: Readonly<Record<string, string | number | undefined>>;
  readonly timestamps: boolean;
  readonly maxPods: number;
  /** The pods that are meant, as they are now. */
  readonly pods: () => Promise<readonly unknown[]>;
  readonly print: (source: LogSource, line: string, isMarked: boolean) => void;
}

/** @throws UsageError if there are more pods than --max-pods */
export function checkNumber(sources: readonly LogSource[], maxPods: number): void {
  const pods = new Set(sources.map(({ pod }) => pod));
  if (pods.size <= maxPods) return;
  throw new UsageError(`there are ${pods.size} pods, more than --max-pods ${maxPods}`, [
    'choose some: --pod NAME, -c CONTAINER',
  ]);
}
