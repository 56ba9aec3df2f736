import { createSeededRandom } from '../harness/seeded-random.ts';
import { listableKinds } from '../harness/clients/cluster-snapshot.ts';
import { eventually } from '../harness/eventually.ts';
import type { ClusterObject, KubeClient } from '../harness/clients/kube-client.ts';
import { createCanarySearch, openText } from './canaries.ts';
import { createEars } from './ears.ts';
import { MOVES } from './list-moves.ts';
import { differences, type LeftOut, takeOutside } from './outside.ts';
import { HONEST, SYSTEM, TENANT, type TenantWorld } from './tenant-world.ts';

/** Result of a game. */
export interface Game {
  /** Moves in the order in which they were made. */
  moves: string[];
  answers: ReadonlyMap<string, number>;
  /** What a tenant must not be able to do and did. */
  harm: string[];
}

const RELEASES = ['one', 'two', 'three', 'four', 'five'];
/** Parallel moves: some wait for Walm, and some are meant to disturb others. */
const SIDE_BY_SIDE = 3;

/**
 * Plays random moves until the signal is aborted, and returns their effects on others. The seed repeats the choices.
 */
export async function play(world: TenantWorld, seed: number, over: AbortSignal): Promise<Game> {
  const { kube, walm, tenant, canaries } = world;
  const search = createCanarySearch(canaries);
  const { ears, problems, counts } = createEars(tenant.api, tenant.kube, search);
  const before = await takeOutside(kube, LEFT_OUT);
  const rights = await rightsOf(tenant.kube);
  const engines = walm.server.children();
  const moves: string[] = [];

  async function player(i: number): Promise<void> {
    const random = createSeededRandom(seed + i);
    while (!over.aborted) {
      const move = random.pick(MOVES);
      moves.push(move.name);
      const stage = { ...world, ears, random, namespace: TENANT, user: tenant.user, systemNamespace: SYSTEM };
      await move.play({ ...stage, releases: RELEASES }).catch((error: unknown) => {
        // The server is checked below; every other error is a fault of the move.
        problems.push(`a tenant who ${move.name}: ${String(error)}`);
      });
    }
  }
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, (_, i) => player(i)));

  const harm = [...new Set(problems)];
  harm.push(...(await restarts(world, engines)));
  const found = await canariesIn(kube, TENANT, search);
  harm.push(...found.map((line) => `the tenant's namespace holds ${line}`));
  if ((await rightsOf(tenant.kube)) !== rights) harm.push('the tenant has other rights than before');
  const outside = differences(before, await takeOutside(kube, LEFT_OUT));
  harm.push(...outside.map((line) => `outside of the tenant's namespace ${line}`));
  harm.push(...(await honestProblems(world)));
  return { moves, answers: counts, harm };
}

/** Walm's tasks, marks of what was published, and what Kubernetes keeps about itself. */
const LEFT_OUT: LeftOut = {
  namespaces: new Set([TENANT]),
  isBookkeeping: (namespace, object, kind) =>
    namespace === SYSTEM &&
    ((kind === 'Secret' && object['type'] === 'walm.io/task.v1') ||
      (kind === 'ConfigMap' && object.metadata.name.startsWith('walm-delivered-'))),
};

/** What `kubectl auth can-i --list` says, in every namespace. */
async function rightsOf(kube: KubeClient): Promise<string> {
  const answers: string[] = [];
  for (const namespace of [TENANT, ...HONEST, SYSTEM, 'kube-system', 'default']) {
    const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview', spec: { namespace } };
    const { status } = await kube.create('/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', body);
    const { resourceRules = [], nonResourceRules = [] } = status as Record<string, unknown[] | undefined>;
    const sorted = [...resourceRules, ...nonResourceRules].map((rule) => JSON.stringify(rule)).toSorted();
    answers.push(`${namespace}: ${sorted.join()}`);
  }
  return answers.join('\n');
}

async function restarts({ walm, honest }: TenantWorld, engines: readonly number[]): Promise<string[]> {
  const { server } = walm;
  try {
    process.kill(server.pid, 0);
  } catch {
    return [`the server has ended: ${server.log().slice(-500)}`];
  }
  const now = server.children();
  if (!engines.every((pid) => now.includes(pid)))
    return [`the engine was restarted: ${engines.join()} → ${now.join()}`];
  // A cluster that is out of breath makes it wait, too; what a tenant wrote would stay in its way.
  return eventually(async (): Promise<string[]> => {
    const { status, text } = (await honest[0]?.api.send('GET', '/readiness')) ?? { status: 0, text: '' };
    if (status !== 200) throw new Error(`readiness answers ${status} ${text.slice(0, 500)}`);
    return [];
  }).catch((failure: unknown) => [String(failure)]);
}

/** Objects of a namespace that contain a secret of someone else, in any encoding. */
async function canariesIn(
  kube: KubeClient,
  namespace: string,
  search: (text: string) => string | null,
): Promise<string[]> {
  const kinds = (await listableKinds(kube)).filter(({ namespaced }) => namespaced);
  const events = { base: '/api/v1', name: 'events' };
  const found: string[] = [];
  for (const { base, name } of [...kinds, events]) {
    const objects: ClusterObject[] = await kube.list(`${base}/namespaces/${namespace}/${name}`);
    for (const object of objects) {
      const canary = search(openText(object));
      if (canary !== null) found.push(`the secret ${canary} in ${name}/${object.metadata.name}`);
    }
  }
  return found;
}

/** Whether honest users can still work: they read, change, and what one publishes reaches the other. */
async function honestProblems({ honest, kube, canaries }: TenantWorld): Promise<string[]> {
  const [a, b] = honest as [TenantWorld['honest'][number], TenantWorld['honest'][number]];
  try {
    const word = `xyzzy-${Date.now()}`;
    const { status, text } = await a.api.upgrade({
      namespace: a.namespace,
      body: { name: 'source', configValues: { word } },
    });
    if (status !== 200) return [`an honest upgrade answered ${status} ${text.slice(0, 500)}`];
    await eventually(
      async () => {
        const map = await kube.find(`/api/v1/namespaces/${b.namespace}/configmaps/taker`);
        const got = JSON.stringify(map?.['data']);
        if (!got.includes(word))
          throw new Error(`an honest dependent does not get what its provider publishes: ${got}`);
        if (!got.includes(canaries.get(`${a.namespace}/precious`) ?? 'nothing')) throw new Error(`it lost ${got}`);
      },
      { everyMs: 250 },
    );
    const answer = await b.api.install({ namespace: b.namespace, body: { name: 'late', chartName: 'modest' } });
    return answer.status === 200 ? [] : [`an honest install answered ${answer.status} ${answer.text.slice(0, 500)}`];
  } catch (error) {
    return [`honest people cannot work: ${error instanceof Error ? error.message : String(error)}`];
  }
}
