import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, inject } from 'vitest';
import { openGate } from '../../../../test/harness/fakes/open-gate.ts';
import { CHART_LABEL, chartLabelValue } from '../../../domain/charts/chart-label.ts';
import { describeChartArchiveStore } from '../../../ports/storage/chart-archive-store.conformance.ts';
import { createKubeChartArchives } from './chart-archives.ts';
import { systemClock } from '../../system/system-clock.ts';
import { fenceKube } from '../client/fenced-kube.ts';
import { createKubeApi, type KubeApi } from '../client/kube-api.ts';
import { resourcePath } from '../client/resource-path.ts';
import { installSystemNamespace } from './system-namespace.ts';

const SECRETS = { group: '', version: 'v1', plural: 'secrets' };
const suffix = randomUUID().slice(0, 8);
const namespaces: [string, string] = [`archives-a-${suffix}`, `archives-b-${suffix}`];
let kube: KubeApi;

beforeAll(async () => {
  kube = createKubeApi({ kubeconfig: inject('sandbox').kubeconfig });
  for (const name of namespaces) {
    await installSystemNamespace(kube, name, new AbortController().signal);
  }
});

afterAll(async () => {
  await Promise.all(
    namespaces.map((name) =>
      kube.remove(resourcePath({ group: '', version: 'v1', plural: 'namespaces' }, undefined, name)),
    ),
  );
  kube.close();
});

describeChartArchiveStore('kube', () =>
  Promise.resolve({
    archives: openGate(
      'archives',
      createKubeChartArchives({ kube: fenceKube(kube), maxBytes: 4_000_000, clock: systemClock }),
    ),
    namespaces,
    makeRecord: async (namespace, digest) => {
      await kube.create(resourcePath(SECRETS, namespace), {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: {
          name: 'sh.helm.release.v1.web.v1',
          namespace,
          labels: { owner: 'helm', name: 'web', [CHART_LABEL]: chartLabelValue(digest) },
        },
        type: 'helm.sh/release.v1',
      });
    },
  }),
);
