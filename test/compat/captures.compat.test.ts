import { readFileSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';

import { type ChartRepository, startChartRepository } from '../harness/charts/chart-repository.ts';
import { type ForeignChart, foreignChart } from '../harness/charts/charts.ts';
import { commonLibrary } from '../harness/charts/common-library.ts';
import { eventually } from '../harness/eventually.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { type ApiAnswer, createWalmApi, type WalmApi } from '../harness/clients/walm-api.ts';
import { startWalmServer, type WalmServer } from '../harness/programs/walm-server.ts';
import { type Capture, NO_CAPTURES, readCaptures } from './captures.ts';
import { compare, type Difference } from './compare.ts';
import { unintended } from './intended-differences.ts';
import { type Before, SCENARIO } from './scenario.ts';

const { kubeconfig } = inject('sandbox');
const captures = readCaptures();
const CHARTS: readonly ForeignChart[] = ['tomcat-0.2.0', 'zookeeper-6.1.0', 'kafka-6.1.0'];
/** As the original made it for a tenant's namespace. */
const LIMITS = {
  apiVersion: 'v1',
  kind: 'LimitRange',
  metadata: { name: 'walm-default-limitrange' },
  spec: { limits: [{ type: 'Container', default: { cpu: '0.1', memory: '128Mi' } }] },
};

const CONTENT_TYPES = { POST: 'application/json', PATCH: 'application/merge-patch+json', DELETE: 'application/json' };

describe.skipIf(captures === undefined)(
  `the original's answers${captures === undefined ? `: ${NO_CAPTURES}` : ''}`,
  () => {
    const kube = createKubeClient(kubeconfig);
    let repository: ChartRepository;
    let library: ReturnType<typeof commonLibrary>;
    let server: WalmServer;
    let api: WalmApi;

    beforeAll(async () => {
      repository = await startChartRepository();
      library = commonLibrary();
      for (const name of CHARTS) {
        const [, chart = '', version = ''] = /^(.*)-([\d.]+)$/.exec(name) ?? [];
        repository.add({ name: chart, version, bytes: archiveOf(name), digest: '' });
      }
      await createNamespace(kube, 'demo');
      await kube.create('/api/v1/namespaces/demo/limitranges', LIMITS);
      server = await startWalmServer({
        kubeconfig,
        repositories: [{ name: 'stable', url: repository.url }],
        flags: [
          '--compatibility=original',
          '--kubernetes-system-namespace=walm-compat',
          `--jsonnet-config-common-template-files-path=${library?.folder ?? ''}`,
        ],
      });
      api = createWalmApi(server.url);
    });

    afterAll(async () => {
      await server.stop();
      await repository.close();
      library?.close();
      kube.close();
    });

    test.each(SCENARIO)('$capture', async ({ capture: number, before = [] }) => {
      const capture = captureOf(number);
      for (const step of before) {
        await prepare(step);
      }
      const answer = await replay(capture);
      expect(unintended(capture.id, differencesOf(capture, answer))).toEqual([]);
    });

    function captureOf(number: string): Capture {
      const capture = captures?.find(({ id }) => id.startsWith(number));
      if (capture === undefined) throw new Error(`there is no capture ${number}`);
      return capture;
    }

    async function prepare(step: Before): Promise<void> {
      switch (step.do) {
        case 'settle':
          return eventually(() => mustBeSettled(step));
        case 'awaitGone':
          return eventually(() => mustAnswer(`release/demo/name/${step.release}`, ({ status }) => status === 404));
        case 'awaitProject':
          return eventually(() =>
            mustAnswer(`project/demo/name/${step.project}`, ({ body }) => (body as { ready: boolean }).ready),
          );
        case 'cluster':
          return mustChangeCluster(step);
        case 'awaitStatus':
          return eventually(() => mustHaveStatus(step));
        case 'send':
          return mustSend(step);
        default:
          return step satisfies never;
      }
    }

    async function mustAnswer(path: string, isAwaited: (answer: ApiAnswer) => boolean): Promise<void> {
      const answer = await api.send('GET', `/api/v1/${path}`);
      if (!isAwaited(answer)) throw new Error(`${path} answers ${answer.status} ${answer.text.slice(0, 300)}`);
    }

    async function mustChangeCluster(step: Extract<Before, { do: 'cluster' }>): Promise<void> {
      const { method, path, body } = step;
      const { status } = await kube.call(method, path, body, CONTENT_TYPES[method]);
      if (status >= 300) throw new Error(`the cluster answers ${method} ${path} with ${status}`);
    }

    async function mustHaveStatus({ path, field }: Extract<Before, { do: 'awaitStatus' }>): Promise<void> {
      const status = (await kube.find(path))?.['status'] as Record<string, unknown> | undefined;
      if (status?.[field] === undefined) throw new Error(`${path} has no ${field} in its status`);
    }

    async function mustSend(step: Extract<Before, { do: 'send' }>): Promise<void> {
      const answer = await api.send(step.method, step.path, {
        body: JSON.stringify(step.body ?? {}),
        headers: { 'content-type': 'application/json' },
      });
      if (answer.status !== 200) throw new Error(`${step.method} ${step.path} answers ${answer.status} ${answer.text}`);
    }

    async function mustBeSettled({ release, revision }: Extract<Before, { do: 'settle' }>): Promise<void> {
      const { body } = await api.get('demo', release);
      const workloads = body.releaseStatus?.deployments ?? [];
      // The status of a workload may follow its pods.
      const hasOthers = workloads.some(({ pods, expectedReplicas, updatedReplicas }) =>
        [pods?.length ?? 0, updatedReplicas].some((count) => count !== expectedReplicas),
      );
      const isAwaited = revision !== undefined && body.version !== revision;
      if (!body.ready || hasOthers || isAwaited) throw new Error(`${release} has not settled: ${body.message}`);
    }

    function replay({ request }: Capture): Promise<ApiAnswer> {
      const { method, path, headers, body, form, files } = request;
      const accept = { accept: headers['Accept'] ?? 'application/json' };
      if (headers['Content-Type']?.startsWith('multipart/') === true) {
        const parts = new FormData();
        Object.entries(form ?? {}).forEach(([name, text]) => parts.set(name, text));
        Object.entries(files ?? {}).forEach(([name, file]) => {
          const bytes = archiveOf(file.replace(/\.tgz$/, '') as ForeignChart);
          parts.set(name, new Blob([new Uint8Array(bytes)]), file);
        });
        return api.send(method, path, { body: parts, headers: accept });
      }
      const type = headers['Content-Type'];
      const text = body === null ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
      return api.send(method, path, {
        ...(text !== undefined && { body: text }),
        headers: { ...accept, ...(type !== undefined && { 'content-type': type }) },
      });
    }
  },
);

/** Differences of status and body; for answers that are not JSON, only whether there is a body. */
function differencesOf({ response }: Capture, answer: ApiAnswer): Difference[] {
  const { status, body } = response;
  const differences: Difference[] =
    status === answer.status ? [] : [{ path: 'status', original: status, ours: answer.status }];
  if (body !== null) {
    return [...differences, ...compare(body, answer.body ?? null)];
  }
  const isEmpty = status !== 200 || answer.text === '';
  return isEmpty ? differences : [...differences, { path: '', original: null, ours: answer.text.slice(0, 300) }];
}

function archiveOf(name: ForeignChart): Buffer {
  const path = foreignChart(name);
  if (path === undefined) throw new Error(`${name}.tgz is absent`);
  return readFileSync(path);
}
