import type { Logger } from 'pino';
import { createMemoryReleaseCache } from '../adapters/memory/release-cache.ts';
import type { Adapters, Folders } from './adapters/adapters.ts';
import type { Cluster } from './adapters/cluster.ts';
import type { Config } from '../config/config-options.ts';
import type { HelmEngine } from '../ports/helm/helm-engine.ts';
import type { Metrics } from '../ports/runtime/metrics.ts';
import type { Threads } from '../ports/runtime/threads.ts';
import type { ReleaseCache } from '../ports/storage/release-cache.ts';
import type { Closer } from '../process/closer.ts';
import type { SealRing } from '../services/trust/seal-ring.ts';
import { createTrust } from './trust.ts';
import { createGate } from './wrappers/gate.ts';
import { measureEngine } from './wrappers/measured-engine.ts';
import { measureCache } from './wrappers/measured-view.ts';
import type { AroundWrites } from './wrappers/writes.ts';

/** The ports as the whole server uses them: writes go through the gate. */
export interface Ports {
  readonly cache: ReleaseCache;
  readonly cluster: Cluster;
  readonly engine: HelmEngine;
  readonly metrics: Metrics;
  readonly ring: SealRing;
  readonly threads: Threads;
}

/** The adapters that are opened here, and nowhere else. */
export type OpenedAdapters = Pick<
  Adapters,
  'clock' | 'cluster' | 'helm' | 'metrics' | 'random' | 'sealSources' | 'secret' | 'threads'
>;

export interface PortsDeps {
  readonly config: Config;
  readonly adapters: OpenedAdapters;
  readonly folder: Folders;
  readonly writes: AroundWrites | undefined;
  readonly closer: Closer;
  readonly log: Logger;
}

/** Opens the adapters and puts the gate around their writes. Starts the engine; everything else waits. */
export function openPorts({ config, adapters, folder, writes, closer, log }: PortsDeps): Ports {
  const { clock, random, secret } = adapters;
  const metrics = adapters.metrics();
  const sources = adapters.sealSources(config, { clock, secret });
  closer.push('seals', () => sources.close());
  const { ring, records: recordSeals, tasks: taskSeal } = createTrust({ sources, clock, log });
  const threads = adapters.threads(config, clock);
  closer.push('threads', () => threads.close());
  metrics.gauge('walm_thread_jobs_waiting', 'Jobs that wait for a thread.', () => threads.waiting());
  const helm = adapters.helm({ config, folder, seals: recordSeals, clock, log });
  closer.push('engine', () => helm.stop());
  const measured = measureEngine(helm, metrics);
  const unfenced = adapters.cluster({
    config,
    instanceId: folder.instanceId,
    engine: measured,
    taskSeal,
    readKeys: () => ring.record(),
    clock,
    random,
    secret,
    log,
  });
  closer.push('cluster connections', () => unfenced.close());
  const { leadership } = unfenced;
  leadership.onRenewed((term) => measured.renewTerm(term));
  const gate = createGate({ leadership, recordSeals, taskSeal, around: writes });
  return {
    cache: measureCache(createMemoryReleaseCache(), metrics),
    cluster: gate.cluster(unfenced),
    engine: gate.helm(measured),
    metrics,
    ring,
    threads,
  };
}
