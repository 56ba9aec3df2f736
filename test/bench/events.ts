/**
 * Measures how long it takes from a change in the cluster until Kafka has a record of the release's new status, with a
 * real broker, and prints a table. `--check` makes it fail when the promise is missed. Takes about a minute.
 */
import { join } from 'node:path';

import { folderChart } from '../harness/charts/chart-builder.ts';
import { eventually } from '../harness/eventually.ts';
import { createHelmCli } from '../harness/programs/helm-cli.ts';
import { startKafkaBroker } from '../harness/programs/kafka-broker.ts';
import { type KafkaReader, readKafka } from '../harness/programs/kafka-consumer.ts';
import type { KubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { startBenchParts } from './bench-parts.ts';
import { median, quantile } from './sample.ts';

/** From the change in the cluster to the record, for 99 of 100 changes. */
const PROMISED_MS = 1_000;
const CHANGES = 60;
const NAMESPACE = 'bench-events';
const RELEASE = 'web';
const DEPLOYMENT = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/${RELEASE}-starter`;

const broker = await startKafkaBroker();
const reader = await readKafka(broker.address, ['release-status']);
const flags = ['--kafka-config-enable=true', `--kafka-config-brokers=${broker.address}`];
const { kubeconfig, kube, api, close } = await startBenchParts(flags, [() => broker.stop(), () => reader.close()]);
const helm = createHelmCli(kubeconfig);
try {
  await createNamespace(kube, NAMESPACE);
  await helm.run('create', 'starter');
  const configValues = { podAnnotations: { 'sandbox.walm.io/ready-after': '300ms' } };
  const archive = folderChart(join(helm.folder, 'starter')).bytes;
  await api.mustInstall({ namespace: NAMESPACE, body: { name: RELEASE, configValues }, archive });
  await recordOf(reader, 0, true);
  report(await measure(kube, reader));
} finally {
  helm.close();
  await close();
}

/** Milliseconds from a change that makes the release not ready, and from the one that makes it ready, to the record. */
async function measure(kube: KubeClient, reader: KafkaReader): Promise<{ unready: number[]; ready: number[] }> {
  const unready: number[] = [];
  const ready: number[] = [];
  for (let i = 0; i < CHANGES; i += 1) {
    const known = reader.records('release-status').length;
    const replicas = i + 2;
    const patch = { spec: { replicas } };
    const { status } = await kube.call('PATCH', DEPLOYMENT, patch, 'application/merge-patch+json');
    if (status !== 200) throw new Error(`scaling answered ${status}`);
    const changed = performance.now();
    unready.push((await recordOf(reader, known, false)) - changed);
    const settled = await whenReady(kube, replicas);
    ready.push(Math.max(0, (await recordOf(reader, known, true)) - settled));
  }
  return { unready, ready };
}

/** When a record after the first `known` said that the release is ready, or that it is not. */
function recordOf(reader: KafkaReader, known: number, isReady: boolean): Promise<number> {
  return eventually(
    () => {
      const found = reader.records('release-status').slice(known);
      if (!found.some(({ value }) => (JSON.parse(value) as { ready: boolean }).ready === isReady)) {
        throw new Error(`no record says that ${RELEASE} is ${isReady ? '' : 'not '}ready`);
      }
      return performance.now();
    },
    { everyMs: 2, withinMs: 60_000 },
  );
}

/** When the cluster said that as many replicas are available. */
function whenReady(kube: KubeClient, replicas: number): Promise<number> {
  return eventually(
    async () => {
      const found = await kube.find(DEPLOYMENT);
      const { availableReplicas } = (found?.['status'] ?? {}) as { availableReplicas?: number };
      if (availableReplicas !== replicas) throw new Error(`${availableReplicas} of ${replicas} are available`);
      return performance.now();
    },
    { everyMs: 5, withinMs: 60_000 },
  );
}

function report(times: { unready: number[]; ready: number[] }): void {
  console.log(`\n${CHANGES} changes of a Deployment, from the cluster to a record of \`release-status\`\n`);
  console.log('| | median | p99 | promised |\n| --- | --: | --: | --: |');
  const all = { 'stops being ready': times.unready, 'becomes ready': times.ready };
  const missed: string[] = [];
  for (const [what, sample] of Object.entries(all)) {
    const p99 = quantile(sample, 0.99);
    console.log(`| ${what} | ${median(sample).toFixed(0)} ms | ${p99.toFixed(0)} ms | ≤ ${PROMISED_MS} ms |`);
    if (p99 > PROMISED_MS) missed.push(what);
  }
  if (process.argv.includes('--check') && missed.length > 0) {
    console.error(`missed: ${missed.join(', ')}`);
    process.exitCode = 1;
  }
}
