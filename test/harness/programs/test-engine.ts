import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createHelmEngine } from '../../../server/adapters/engine/helm-engine.ts';
import { systemClock } from '../../../server/adapters/system/system-clock.ts';
import type { HelmEngine } from '../../../server/ports/helm/helm-engine.ts';
import { leadingHelm } from '../fakes/open-gate.ts';
import type { RecordSeals } from '../../../server/ports/storage/record-seals.ts';
import { binaryPath } from './binaries.ts';
import type { ChartArchive } from '../charts/chart-builder.ts';

const MiB = 1024 * 1024;

/** The real engine with folders of its own. */
export interface TestEngine {
  engine: HelmEngine;
  /** Puts an archive into the chart folder and returns its digest. */
  add(chart: ChartArchive): string;
  /** Process ids of the engines started so far; the last one runs. */
  pids: number[];
  /** Folder in which engines note the records that they are reading. */
  recordFolder: string;
  /** Folder whose entries are the spill folders of running engines. */
  spillParent: string;
  stop(): Promise<void>;
}

/** Starts bin/walm-engine against a cluster; without a kubeconfig, against one that does not answer. */
export function startTestEngine(
  kubeconfig?: string,
  settings: { renderMs?: number; jsonnetLibrary?: string; seals?: RecordSeals; failureMs?: number } = {},
): TestEngine {
  const folder = mkdtempSync(join(tmpdir(), 'walm-engine-test-'));
  const [chartFolder, spillParent, recordFolder] = [
    join(folder, 'charts'),
    join(folder, 'spill'),
    join(folder, 'records'),
  ];
  for (const one of [chartFolder, spillParent, recordFolder]) mkdirSync(one);
  const pids: number[] = [];
  const silent = () => undefined;
  const engine = createHelmEngine({
    program: binaryPath('walm-engine'),
    chartFolder,
    spillParent,
    recordFolder,
    jsonnetLibrary: settings.jsonnetLibrary ?? '',
    kubeconfig: kubeconfig ?? unreachableCluster(folder),
    limits: {
      archiveBytes: 20 * MiB,
      decompressedBytes: 100 * MiB,
      fileBytes: 5 * MiB,
      downloadBytes: 100 * MiB,
      recordBytes: 32 * MiB,
      renderMs: settings.renderMs ?? 20_000,
    },
    seals: settings.seals ?? null,
    addresses: { refusePrivate: false, refuseLoopback: false, failureMs: settings.failureMs ?? 0 },
    clock: systemClock,
    log: {
      debug: silent,
      warn: silent,
      error: silent,
      info: (facts) => {
        if ('pid' in facts && typeof facts.pid === 'number') pids.push(facts.pid);
      },
    },
  });
  return {
    engine: leadingHelm(engine, settings.seals),
    pids,
    spillParent,
    recordFolder,
    add(chart) {
      writeFileSync(join(chartFolder, `${chart.digest}.tgz`), chart.bytes);
      return chart.digest;
    },
    async stop() {
      await engine.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A kubeconfig whose server refuses connections: nothing listens on port 1 of loopback. */
function unreachableCluster(folder: string): string {
  const path = join(folder, 'unreachable.kubeconfig');
  const cluster = { name: 'none', cluster: { server: 'http://127.0.0.1:1' } };
  const context = { name: 'none', context: { cluster: 'none', user: 'none' } };
  const user = { name: 'none', user: {} };
  const config = { apiVersion: 'v1', kind: 'Config', clusters: [cluster], contexts: [context], users: [user] };
  writeFileSync(path, JSON.stringify({ ...config, 'current-context': 'none' }));
  return path;
}
