import type { Logger } from 'pino';
import type { EventLoopDelay } from '../../adapters/system/event-loop-delay.ts';
import type { HttpServer, HttpServerDependencies } from '../../api/routes/http-server.ts';
import type { Config } from '../../config/config-options.ts';
import type { NamespaceUids } from '../../ports/cluster/namespace-uids.ts';
import type { ChartFolder } from '../../ports/helm/chart-folder.ts';
import type { ChartRepository } from '../../ports/helm/chart-repositories.ts';
import type { HelmAdapter } from '../../ports/helm/helm-engine.ts';
import type { HelmControl } from '../../ports/helm/helm-control.ts';
import type { HelmReader } from '../../ports/helm/helm-reader.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { EventBus } from '../../ports/runtime/event-bus.ts';
import type { Metrics } from '../../ports/runtime/metrics.ts';
import type { Threads } from '../../ports/runtime/threads.ts';
import type { RecordSeals } from '../../ports/storage/record-seals.ts';
import type { SealKeys } from '../../ports/storage/seal-keys.ts';
import type { SharedCache } from '../../ports/storage/shared-cache.ts';
import type { TextSeal } from '../../ports/storage/text-seal.ts';
import type { DataFolder } from '../../process/data-folder.ts';
import type { ClusterAdapter } from './cluster.ts';

/** The server's folders, as adapters use them. */
export type Folders = Omit<DataFolder, 'close'>;

/** What seals are made from. */
export interface SealSources {
  readonly keys: SealKeys;
  readonly namespaces: NamespaceUids;
  close(): void;
}

/** What the engine is made with. */
export interface HelmGiven {
  readonly config: Config;
  readonly folder: Folders;
  readonly seals: Pick<RecordSeals, 'judge'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What the ports of the cluster are made with. */
export interface ClusterGiven {
  readonly config: Config;
  readonly instanceId: string;
  readonly engine: Pick<HelmReader, 'listResources'> & Pick<HelmControl, 'onDiscoveryChanged'>;
  readonly taskSeal: Pick<TextSeal, 'whyUnsealed'>;
  /** Reads the keys of the seals, and makes the first where there is none; part of preparing the cluster. */
  readonly readKeys: () => Promise<unknown>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly secret: (bytes: number) => Buffer;
  readonly log: Logger;
}

/**
 * Everything of the server that touches the world outside of it, or is not the same each time. Adapters that are made
 * with other parts of the server are functions of those; each is called once, and closed when the server stops.
 */
export interface Adapters {
  readonly clock: Clock;
  /** From 0 up to 1: spreads retries out. */
  readonly random: () => number;
  /** Names tasks: never the same twice. */
  readonly newId: () => string;
  /** So many bytes that nobody can foretell. */
  readonly secret: (bytes: number) => Buffer;
  readonly metrics: () => Metrics;
  readonly threads: (config: Pick<Config, 'limits'>, clock: Clock) => Threads;
  readonly sealSources: (
    config: Pick<Config, 'kubernetes' | 'seal'>,
    given: { readonly clock: Clock; readonly secret: (bytes: number) => Buffer },
  ) => SealSources;
  readonly helm: (given: HelmGiven) => HelmAdapter;
  readonly cluster: (given: ClusterGiven) => ClusterAdapter;
  /** Null: no copies are kept outside of this process. */
  readonly sharedCache: (config: Pick<Config, 'redisConfig'>, onError: (error: Error) => void) => SharedCache | null;
  /** Null: events go nowhere but to streams. */
  readonly eventBus: (config: Pick<Config, 'kafkaConfig'>, clock: Clock) => EventBus | null;
  readonly repositories: (config: Pick<Config, 'repoList'>) => Promise<readonly ChartRepository[]>;
  readonly chartFolder: (path: string) => ChartFolder;
  /** Keeps the folders within their sizes until `signal` is aborted. */
  readonly trimFolders: (
    config: Pick<Config, 'limits'>,
    given: { readonly folder: Folders; readonly clock: Clock; readonly log: Logger },
  ) => { run(signal: AbortSignal): Promise<void> };
  /** Where changes are written beside the log; null: nowhere. */
  readonly auditFile: (config: Pick<Config, 'audit'>) => ((line: string) => void) | null;
  readonly eventLoopDelay: (clock: Clock) => EventLoopDelay;
  /** What requests come in by; it does not answer yet. */
  readonly http: (dependencies: HttpServerDependencies) => Promise<HttpServer>;
  /** Begins to answer requests; resolves with the address. */
  readonly listen: (http: HttpServer, config: Pick<Config, 'http'>) => Promise<string>;
}
