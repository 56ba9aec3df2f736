import { buildChart, fixtureChart, folderChart } from '../harness/charts/chart-builder.ts';
import { startChartRepository } from '../harness/charts/chart-repository.ts';
import { exampleChart } from '../harness/charts/charts.ts';
import { startSandbox } from '../harness/programs/sandbox.ts';
import { createWalmApi } from '../harness/clients/walm-api.ts';
import { startWalmServer, type WalmServer } from '../harness/programs/walm-server.ts';

/** A server on its own sandbox, with charts, releases, a project and tasks to request. */
export interface SeededServer {
  server: WalmServer;
  /** Names that requests must use now and then; otherwise they only find that nothing exists. */
  names: Record<'namespace' | 'release' | 'project' | 'repo' | 'chart' | 'task' | 'plugin', string[]>;
  stop(): Promise<void>;
}

const NAMESPACE = 'schema';
const SPARE = ['spare-1', 'spare-2', 'spare-3', 'spare-4', 'spare-5', 'spare-6', 'spare-7', 'spare-8'];
const small = buildChart('small', {
  'values.yaml': 'replicas: 1\n',
  'templates/all.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}"}
data: {values: {{ .Values | toJson | quote }}}
`,
});

/** Starts and fills the server. `flags` are the server's. */
export async function startSeededServer(flags: string[] = []): Promise<SeededServer> {
  const closers: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const closer of closers.toReversed()) await closer();
  };
  try {
    const given = process.env['WALM_TEST_KUBECONFIG'];
    let kubeconfig = given ?? '';
    if (!given) {
      const sandbox = await startSandbox(1);
      closers.push(() => sandbox.stop());
      kubeconfig = sandbox.handle.kubeconfig;
    }
    const repository = await startChartRepository();
    closers.push(() => repository.close());
    for (const chart of [
      small,
      folderChart(exampleChart('zookeeper')),
      fixtureChart('schema'),
      fixtureChart('hooks'),
    ]) {
      repository.add(chart);
    }
    const server = await startWalmServer({
      kubeconfig,
      repositories: [{ name: 'stable', url: repository.url }],
      flags,
    });
    closers.push(() => server.stop());
    return { server, names: await fill(server), stop };
  } catch (failure) {
    await stop();
    throw failure;
  }
}

async function fill(server: WalmServer): Promise<SeededServer['names']> {
  const api = createWalmApi(server.url);
  const plugins = [{ name: 'LabelPod', args: { labelsToAdd: { team: 'schema' } } }];
  const install = (body: Record<string, unknown> & { name: string }) =>
    api.mustInstall({ namespace: NAMESPACE, body, query: { createNamespace: true } });
  await install({ name: 'keeper', repoName: 'stable', chartName: 'zookeeper', configValues: { replicas: 1 }, plugins });
  await install({ name: 'small', repoName: 'stable', chartName: 'small', releaseLabels: { tier: 'a' } });
  await api.upgrade({ namespace: NAMESPACE, body: { name: 'small', configValues: { replicas: 2 } } });
  // Requests delete them one after the other.
  await Promise.all(SPARE.map((name) => install({ name, repoName: 'stable', chartName: 'small' })));
  await api.install({ namespace: NAMESPACE, body: { name: 'broken', repoName: 'stable', chartName: 'none' } });
  const project = { releases: [{ name: 'one', repoName: 'stable', chartName: 'small' }] };
  await api.send('POST', `/api/v1/project/${NAMESPACE}/name/shop`, {
    body: JSON.stringify(project),
    headers: { 'content-type': 'application/json' },
  });
  const { body } = await api.send('GET', '/api/v1/task');
  const tasks = (body as { items: { id: string }[] }).items.map(({ id }) => id);
  if (tasks.length === 0) throw new Error('the server knows of no task after it was filled');
  return {
    namespace: [NAMESPACE, NAMESPACE, NAMESPACE, 'default'],
    release: ['keeper', 'small', 'one', ...SPARE],
    project: ['shop'],
    repo: ['stable'],
    chart: ['small', 'zookeeper', 'schema', 'hooks'],
    task: tasks.slice(0, 3),
    plugin: ['LabelPod', 'CustomPatch', 'Ingress', 'Tolerations'],
  };
}
