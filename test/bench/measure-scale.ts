import { freePort } from '../harness/programs/free-port.ts';
import type { KubeClient } from '../harness/clients/kube-client.ts';
import { eventually } from '../harness/eventually.ts';
import { residentMi } from '../harness/resident-memory.ts';
import {
  addRevision,
  makeRecordTemplate,
  seededRelease,
  seedReleases,
  type SeedSize,
} from '../harness/clients/seeded-releases.ts';
import { createWalmApi, type WalmApi } from '../harness/clients/walm-api.ts';
import { packServer } from '../../tools/pack-server.ts';
import { startWalmServer, type WalmServer } from '../harness/programs/walm-server.ts';
import { p95, quantile, timed } from './sample.ts';

/** What a cluster full of releases costs. Times in milliseconds, memory in Mi. */
export interface ScaleFigures {
  seedMs: number;
  /** From the start of the process until a list is answered, until it names every release, and until it is ready. */
  servingMs: number;
  completeMs: number;
  /** The first answer said that it is not complete. */
  honest: boolean;
  listP95Ms: number;
  /** The same with the filter `ready`. */
  readyP95Ms: number;
  /** From writing a revision's record until the API returns it. */
  changeP99Ms: number;
  serverMi: number;
  engineMi: number;
}

/** Where and how much to measure. `flags` are those of the server. */
export interface ScaleRun extends SeedSize {
  kubeconfig: string;
  kube: KubeClient;
  archive: Buffer;
  flags: string[];
  lists: number;
  changes: number;
}

const PAGE = 50;

/** Fills the cluster with releases and starts a server on it. Leaves the records where they are. */
export async function measureScale(run: ScaleRun): Promise<ScaleFigures> {
  const { kubeconfig, kube, archive, flags } = run;
  const { program } = await packServer();
  const settings = { kubeconfig, flags, program, readyWithinMs: 240_000 };
  const first = await startWalmServer(settings);
  const template = await makeRecordTemplate(createWalmApi(first.url), kube, archive);
  await first.stop();
  const seedMs = await timed(() => seedReleases(kube, template, run));

  const port = await freePort();
  const started = performance.now();
  const starting = startWalmServer({ ...settings, port });
  const api = createWalmApi(`http://127.0.0.1:${port}`);
  const firstAnswer = firstList(api);
  const server = await starting;
  const completeMs = performance.now() - started;
  try {
    const { at, stale } = await firstAnswer;
    const labels = { limit: PAGE, labelselector: 'shelf=s3' };
    const listP95Ms = p95(await listTimes(api, run, labels));
    const readyP95Ms = p95(await listTimes(api, run, { limit: PAGE, ready: false }));
    const changeP99Ms = quantile(await changeTimes(api, run, template), 0.99);
    return {
      seedMs,
      servingMs: at - started,
      completeMs,
      honest: stale,
      listP95Ms,
      readyP95Ms,
      changeP99Ms,
      ...memoryOf(server),
    };
  } finally {
    await server.stop();
  }
}

async function firstList(api: WalmApi): Promise<{ at: number; stale: boolean }> {
  return eventually(
    async () => {
      const { status, body } = await api.list(undefined, { limit: PAGE, view: 'summary' });
      if (status !== 200) throw new Error(`the list answers ${status}`);
      return { at: performance.now(), stale: body.stale === true };
    },
    { withinMs: 240_000 },
  );
}

/** How long a page takes on the server's side, as far as a client can tell. */
async function listTimes(
  api: WalmApi,
  { lists, releases }: ScaleRun,
  query: Record<string, string | number | boolean>,
) {
  const times: number[] = [];
  for (let i = 0; i < lists; i += 1) {
    times.push(
      await timed(async () => {
        const { status, body } = await api.list(undefined, query);
        if (status !== 200 || body.num !== Math.min(PAGE, body.total) || body.total > releases) {
          throw new Error(`the list answered ${status} with ${body.num} of ${body.total}`);
        }
      }),
    );
  }
  return times;
}

/** Revisions written one after the other, to releases all over the cluster. */
async function changeTimes(api: WalmApi, { kube, changes, releases, revisions }: ScaleRun, template: string) {
  const times: number[] = [];
  for (let change = 0; change < changes; change += 1) {
    const i = Math.floor((change * releases) / changes);
    const { namespace, name } = seededRelease(i);
    await addRevision(kube, template, i, revisions + 1);
    times.push(
      await timed(() =>
        eventually(
          async () => {
            const { body } = await api.get(namespace, name);
            if (body.version !== revisions + 1) throw new Error(`${name} is still at ${body.version}`);
          },
          { everyMs: 10 },
        ),
      ),
    );
  }
  return times;
}

function memoryOf(server: WalmServer): { serverMi: number; engineMi: number } {
  return { serverMi: residentMi(server.pid), engineMi: residentMi(server.children()[0]) };
}
