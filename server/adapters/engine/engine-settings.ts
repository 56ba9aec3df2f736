import type { Clock } from '../../ports/runtime/clock.ts';
import type { RecordSeals } from '../../ports/storage/record-seals.ts';

/** Receives the engine's log lines and reports about its process; pino's logger is one. */
export type EngineLog = Record<'debug' | 'info' | 'warn' | 'error', (facts: object, message: string) => void>;

/** The settings of the engine process. */
export type EngineSettings = {
  /** Path of the walm-engine program. */
  program: string;
  /** Folder of chart archives, `<sha256>.tgz`, shared with the engine. */
  chartFolder: string;
  /** Parent of the private folder for long texts; in memory if possible. */
  spillParent: string;
  /** Empty: like kubectl. */
  kubeconfig?: string;
  context?: string;
  inCluster?: boolean;
  /** Folder in which an engine notes, for its successor, which records it is reading; empty for none. */
  recordFolder: string;
  /** Walm's own namespace, in which operations on releases are refused. */
  systemNamespace?: string;
  /** Folder of the common library of jsonnet charts, empty for none. */
  jsonnetLibrary: string;
  /** Bytes, and milliseconds for one rendering. */
  limits: {
    archiveBytes: number;
    decompressedBytes: number;
    fileBytes: number;
    downloadBytes: number;
    recordBytes: number;
    renderMs: number;
  };
  /** Checks the seals of records; null: nothing is sealed. */
  seals: Pick<RecordSeals, 'judge'> | null;
  /**
   * `failureMs` is the uniform delay before a failed download from an address named by a caller is reported; 0 for
   * none.
   */
  addresses: { refusePrivate: boolean; refuseLoopback: boolean; failureMs: number };
  clock: Clock;
  log: EngineLog;
};
