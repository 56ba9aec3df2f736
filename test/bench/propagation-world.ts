import type { TaskInfo, TaskList } from '../../contract/schemas/task.ts';
import { buildChart } from '../harness/charts/chart-builder.ts';
import { eventually } from '../harness/eventually.ts';
import type { KubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import type { WalmApi } from '../harness/clients/walm-api.ts';
import { startBenchParts } from './bench-parts.ts';

/** A cluster with a server, and the steps that the measurements of dependencies are made of. */
export interface PropagationWorld {
  api: WalmApi;
  kube: KubeClient;
  /** Namespace of all but the many dependents. */
  namespace: string;
  /** Installs a provider that publishes `outputs`. */
  provide(name: string, outputs: Record<string, string>): Promise<void>;
  /**
   * Installs a release that uses the outputs of those named in `dependencies`; it is ready as soon as it is installed.
   */
  take(name: string, dependencies: Record<string, string>, order?: TakeOrder): Promise<void>;
  /** Upgrades a provider; returns when the call returned, in milliseconds since the epoch. */
  publish(name: string, configValues: object): Promise<number>;
  /** Tasks of a namespace or of one of its releases, the oldest first. */
  tasks(of: { namespace: string; release?: string }): Promise<TaskInfo[]>;
  revision(name: string, at?: string): Promise<number>;
  /** Engine calls and upgrades started so far, as the server counts them. */
  counted(): Promise<{ engineCalls: number; propagations: number }>;
  close(): Promise<void>;
}

/** What a dependent publishes itself, and its namespace. */
interface TakeOrder {
  outputs?: Record<string, string>;
  namespace?: string;
}

const provider = buildChart('provider', {
  'values.yaml': 'own: 0\n',
  'templates/all.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}"}
data: {it: "0"}
---
apiVersion: v1
kind: Service
metadata: {name: "{{ .Release.Name }}"}
spec: {ports: [{port: 1000}], clusterIP: None}
`,
}).bytes;

const dependent = buildChart('dependent', {
  'templates/got.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\ndata: {got: {{ .Values | toJson | quote }}}\n',
}).bytes;

/** Starts sandbox and server, and makes the namespace. */
export async function createPropagationWorld(): Promise<PropagationWorld> {
  const { api, kube, close } = await startBenchParts();
  try {
    const namespace = await createNamespace(kube, 'propagation');
    return { ...verbsOf(api, namespace), kube, namespace, close };
  } catch (failure) {
    await close();
    throw failure;
  }
}

function verbsOf(api: WalmApi, own: string) {
  return {
    api,
    async provide(name: string, outputs: Record<string, string>) {
      await api.mustInstall({ namespace: own, body: { name, outputs }, archive: provider });
    },
    async take(name: string, dependencies: Record<string, string>, { outputs = {}, namespace = own }: TakeOrder = {}) {
      await api.mustInstall({ namespace, body: { name, dependencies, outputs }, archive: dependent });
    },
    async publish(name: string, configValues: object) {
      const answer = await api.upgrade({ namespace: own, body: { name, configValues } });
      if (answer.status !== 200) throw new Error(`the upgrade of ${name} answered ${answer.status} ${answer.text}`);
      return Date.now();
    },
    async tasks(of: { namespace: string; release?: string }) {
      const { status, text, body } = await api.send('GET', '/api/v1/task', { query: of });
      if (status !== 200) throw new Error(`the list of tasks answered ${status} ${text}`);
      return (body as TaskList).items.toReversed();
    },
    async revision(name: string, namespace = own) {
      return (await api.get(namespace, name)).body.version;
    },
    async counted() {
      const { text } = await api.send('GET', '/metrics');
      return {
        engineCalls: sumOf(text, 'walm_engine_call_duration_seconds_count'),
        propagations: sumOf(text, 'walm_propagation_seconds_count'),
      };
    },
  };
}

/** What a metric counts, over all its labels. */
function sumOf(metrics: string, name: string): number {
  const lines = metrics.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

/**
 * Waits for the task of a release that comes after `before` others; `isFar` decides whether the task has progressed far
 * enough.
 */
export async function taskAfter(
  world: Pick<PropagationWorld, 'tasks' | 'namespace'>,
  release: string,
  before: number,
  isFar: (task: TaskInfo) => boolean,
): Promise<TaskInfo> {
  return eventually(
    async () => {
      const task = (await world.tasks({ namespace: world.namespace, release }))[before];
      if (task === undefined || !isFar(task))
        throw new Error(`the task of ${release} is ${task?.state ?? 'not there'}`);
      return task;
    },
    { everyMs: 5, withinMs: 30_000 },
  );
}
