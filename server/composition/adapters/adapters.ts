import type { Logger } from 'pino';
import type { EventLoopDelay } from '../../adapters/system/event-loop-delay.ts';
import type { HttpServer, HttpServerDependencies } from '../../api/routes/http-server.ts';
import type { Config } from '../../config/config-options.ts';
import type { NamespaceUids } from '../../ports/cluster/namespace-uids.ts';
import type { HelmAdapter } from '../../ports/gate/gated-adapters.ts';
import type { ChartFolder } from '../../ports/helm/chart-folder.ts';
import type { ChartRepository } from '../../ports/helm/chart-repositories.ts';
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

/** The parameters of the seal sources. */
export interface SealSources {
  readonly keys: SealKeys;
  readonly namespaces: NamespaceUids;
  close(): void;
}

/** The parameters of the Helm adapter. */
export interface HelmGiven {
  readonly config: Config;
  readonly folder: Folders;
  readonly seals: Pick<RecordSeals, 'judge'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The parameters of the cluster's ports. */
export interface ClusterGiven {
  readonly config: Config;
  readonly instanceId: string;
  readonly engine: Pick<HelmReader, 'listResources'> & Pick<HelmControl, 'onDiscoveryChanged'>;
  readonly taskSeal: Pick<TextSeal, 'whyUnsealed'>;
  /** Reads the seal keys, and creates the first one if there is none; part of preparing the cluster. */
  readonly readKeys: () => Promise<unknown>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly secret: (bytes: number) => Buffer;
  readonly log: Logger;
}

/**
 * Every part of the server that touches the outside world, or is not deterministic. Adapters that need other parts of
 * the server are functions of those; each is called once, and closed when the server stops.
 */
export interface Adapters {
  readonly clock: Clock;
  /** Returns numbers in [0, 1), to spread retries. */
  readonly random: () => number;
  /** Ids of tasks: never the same twice. */
  readonly newId: () => string;
  /** Returns this many cryptographically random bytes. */
  readonly secret: (bytes: number) => Buffer;
  readonly metrics: () => Metrics;
  readonly threads: (config: Pick<Config, 'limits'>, clock: Clock) => Threads;
  readonly sealSources: (
    config: Pick<Config, 'kubernetes' | 'seal'>,
    given: { readonly clock: Clock; readonly secret: (bytes: number) => Buffer },
  ) => SealSources;
  readonly helm: (given: HelmGiven) => HelmAdapter;
  readonly cluster: (given: ClusterGiven) => ClusterAdapter;
  /** Null: no copies are kept outside this process. */
  readonly sharedCache: (
    config: Pick<Config, 'redisConfig'>,
    onError: (error: Error) => void,
  ) => Promise<SharedCache | null>;
  /** Null: events are sent only to event streams. */
  readonly eventBus: (config: Pick<Config, 'kafkaConfig'>, clock: Clock) => Promise<EventBus | null>;
  readonly repositories: (config: Pick<Config, 'repoList'>) => Promise<readonly ChartRepository[]>;
  readonly chartFolder: (path: string) => ChartFolder;
  /** Keeps the folders within their size limits until `signal` is aborted. */
  readonly trimFolders: (
    config: Pick<Config, 'limits'>,
    given: { readonly folder: Folders; readonly clock: Clock; readonly log: Logger },
  ) => { run(signal: AbortSignal): Promise<void> };
  /** Where changes are written in addition to the log; null: nowhere. */
  readonly auditFile: (config: Pick<Config, 'audit'>) => ((line: string) => void) | null;
  readonly eventLoopDelay: (clock: Clock) => EventLoopDelay;
  /** The HTTP server; it does not listen yet. */
  readonly http: (dependencies: HttpServerDependencies) => Promise<HttpServer>;
  /** Starts listening; resolves with the address. */
  readonly listen: (http: HttpServer, config: Pick<Config, 'http'>) => Promise<string>;
}
