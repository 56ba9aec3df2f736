import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '../../../../test/harness/eventually.ts';
import {
  kubeconfigPort,
  redirectKubeconfig,
  startStallingProxy,
} from '../../../../test/harness/fakes/stalling-proxy.ts';
import type { StallingProxy } from '../../../../test/harness/fakes/stalling-proxy.ts';
import { createManualClock, type ManualClock } from '../../memory/manual-clock.ts';
import { createKubeApi, type KubeApi } from '../client/kube-api.ts';
import { createObjectWatch } from './object-watch.ts';
import { resourcePath } from '../client/resource-path.ts';

const NAMESPACE = 'object-watch';
const CONFIG_MAPS = { group: '', version: 'v1', plural: 'configmaps' };

let direct: KubeApi;
let proxied: KubeApi;
let proxy: StallingProxy;
let folder: string;
let clock: ManualClock;
let names: Set<string>;
let replaced: number;
let stop: AbortController;

beforeAll(async () => {
  const { kubeconfig } = inject('sandbox');
  folder = mkdtempSync(join(tmpdir(), 'walm-watch-'));
  proxy = await startStallingProxy(kubeconfigPort(kubeconfig));
  redirectKubeconfig(kubeconfig, join(folder, 'kubeconfig'), proxy.port);
  direct = createKubeApi({ kubeconfig });
  proxied = createKubeApi({ kubeconfig: join(folder, 'kubeconfig') });
  await direct.create('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
});

afterEach(() => stop.abort());

afterAll(async () => {
  await direct.remove(`/api/v1/namespaces/${NAMESPACE}`);
  proxied.close();
  direct.close();
  await proxy.close();
  rmSync(folder, { recursive: true });
});

async function createConfigMap(name: string): Promise<void> {
  const path = resourcePath(CONFIG_MAPS, NAMESPACE);
  await direct.create(path, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels: { watched: 'yes' } } });
}

/** Watches the labelled ConfigMaps through the proxy into `names`, and waits for the first list. */
async function startWatch(metadataOnly = false): Promise<void> {
  clock = createManualClock();
  names = new Set();
  replaced = 0;
  stop = new AbortController();
  const watch = createObjectWatch(
    { kube: proxied, clock, random: () => 0.5 },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      path: resourcePath(CONFIG_MAPS, NAMESPACE),
      labelSelector: 'watched=yes',
      metadataOnly,
    },
    {
      onReplace(all) {
        replaced += 1;
        names = new Set(all.map(({ metadata }) => metadata.name));
      },
      onEvent: (type, { metadata }) => (type === 'DELETED' ? names.delete(metadata.name) : names.add(metadata.name)),
    },
  );
  void watch.run(stop.signal);
  await watch.synced;
}

/** Lets time pass in steps until the watch has seen the object; how long that takes is for object-watch.test.ts. */
async function untilSeen(name: string): Promise<void> {
  await eventually(async () => {
    if (names.has(name)) return;
    await clock.advance(500);
    throw new Error(`${name} is not seen`);
  });
}

describe('an object watch', () => {
  it('knows what exists, what comes and what goes', async () => {
    await createConfigMap('first');
    await startWatch();
    expect([...names]).toContain('first');
    await createConfigMap('second');
    await eventually(() => expect([...names]).toContain('second'));
    await direct.remove(resourcePath(CONFIG_MAPS, NAMESPACE, 'second'));
    await eventually(() => expect([...names]).not.toContain('second'));
  });

  it('goes on where it was after its connection broke', async () => {
    await startWatch();
    proxy.cut();
    await createConfigMap('after-a-cut');
    await untilSeen('after-a-cut');
    expect(replaced).toBe(1);
  });

  it('notices that its connection leads nowhere, though nothing was closed', async () => {
    await startWatch();
    proxy.stall();
    await createConfigMap('behind-a-silent-cut');
    await untilSeen('behind-a-silent-cut');
    expect(replaced).toBe(1);
  });

  it('follows metadata alone when it is asked to', async () => {
    await startWatch(true);
    await createConfigMap('metadata-alone');
    await eventually(() => expect([...names]).toContain('metadata-alone'));
  });

  it('ends when it is aborted', async () => {
    await startWatch();
    stop.abort();
    await createConfigMap('too-late');
    await direct.get(resourcePath(CONFIG_MAPS, NAMESPACE, 'too-late'));
    expect([...names]).not.toContain('too-late');
  });
});
