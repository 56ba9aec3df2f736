import type { Clock } from '../../ports/runtime/clock.ts';
import type { RecordSeals } from '../../ports/storage/record-seals.ts';

/** Where the engine's log lines and the news of its process go; pino's logger is one. */
export type EngineLog = Record<'debug' | 'info' | 'warn' | 'error', (facts: object, message: string) => void>;

/** What the engine is started with. */
export type EngineSettings = {
  /** Path of the walm-engine program. */
  program: string;
  /** Folder of chart archives, `<sha256>.tgz`, shared with the engine. */
  chartFolder: string;
  /** Parent of the private folder through which long texts come; memory-backed where possible. */
  spillParent: string;
  /** Empty: what kubectl would use. */
  kubeconfig?: string;
  context?: string;
  inCluster?: boolean;
  /** Where engines note, one for the next, which records they are reading; empty for nowhere. */
  recordFolder: string;
  /** Walm's own namespace: operations of releases keep out of it. */
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
  /** Judges the seals of records; null: nothing is sealed. */
  seals: Pick<RecordSeals, 'judge'> | null;
  /** `failureMs` is how long it takes to tell that an address which somebody named cannot be used; 0 tells at once. */
  addresses: { refusePrivate: boolean; refuseLoopback: boolean; failureMs: number };
  clock: Clock;
  log: EngineLog;
};
