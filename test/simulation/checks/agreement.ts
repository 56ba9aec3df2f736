import { isDeepStrictEqual } from 'node:util';

import type { ReleaseInfo, ReleaseInfoList } from '../../../contract/schemas/release.ts';
import type { TaskList } from '../../../contract/schemas/task.ts';
import { valueAt } from '../../../server/domain/json/json-reading.ts';
import type { KubeObject } from '../../../server/domain/kube/kube-object.ts';
import { appliedRevision } from '../../../server/domain/revisions/applied-revision.ts';
import type { HelmRelease } from '../../../server/ports/helm/helm-release.ts';
import { type ExpectedRelease, unfulfilledIn } from '../../chaos/expected-release.ts';
import { overlappingTasks } from '../../chaos/overlapping-tasks.ts';
import { inWords, unsoundRevisions } from '../../chaos/unsound-revisions.ts';
import { releaseOf } from '../record-secrets.ts';
import type { SimulatedClient } from '../simulated-client.ts';
import type { SimulatedServer } from '../simulated-server.ts';
import type { SimulatedWorld } from '../world/simulated-world.ts';

/** The parts that are compared with each other. */
export interface Agreement {
  world: Pick<SimulatedWorld, 'api'>;
  servers: readonly SimulatedServer[];
  client: Pick<SimulatedClient, 'ask' | 'accepted'>;
  namespaces: readonly string[];
  expected: readonly ExpectedRelease[];
}

const PLURALS = [
  'api/v1 configmaps',
  'apis/apps/v1 deployments',
  'apis/apiextensions.transwarp.io/v1beta1 releaseconfigs',
];

/** Whether records, objects, tasks, all replicas and the model agree; each line names a difference. */
export async function disagreements(about: Agreement): Promise<string[]> {
  const lines: string[] = [];
  for (const namespace of about.namespaces) {
    const histories = historiesOf(about, namespace);
    lines.push(...[...histories].flatMap(([name, own]) => recordTroubles(`${namespace}/${name}`, own)));
    lines.push(...objectTroubles(about, namespace, histories));
    lines.push(...(await answerTroubles(about, namespace, histories)));
  }
  return [...lines, ...(await taskTroubles(about))];
}

/** Every release of a namespace with its revisions, oldest first, read without any code of the product. */
function historiesOf({ world: { api } }: Agreement, namespace: string): Map<string, HelmRelease[]> {
  const { items } = api.list(`/api/v1/namespaces/${namespace}/secrets`, { labelSelector: 'owner=helm' });
  const all = items.map(releaseOf).toSorted((a, b) => a.revision - b.revision);
  return Map.groupBy(all, ({ name }) => name);
}

/** Nothing is pending, no two revisions are in force, and no number is missing in between. */
function recordTroubles(about: string, own: readonly HelmRelease[]): string[] {
  const deployed = own.filter(({ status }) => status === 'deployed');
  const rest = own.filter(({ status }) => status !== 'deployed');
  // The oldest may be the one that was applied when those after it were removed.
  const kept = rest[0]?.status === 'superseded' ? rest.slice(1) : rest;
  const first = kept[0]?.revision ?? 0;
  return [
    ...unsoundRevisions(about, own),
    // The deployed revision is kept however old it is.
    ...(kept.some(({ revision }, at) => revision > first + at + deployed.length)
      ? [`${about} misses revisions: ${inWords(own)}`]
      : []),
  ];
}

/** Every object of the revision in force exists as recorded, and no other. */
function objectTroubles(
  { world: { api } }: Agreement,
  namespace: string,
  histories: ReadonlyMap<string, HelmRelease[]>,
): string[] {
  const live = PLURALS.flatMap((at) => {
    const [root, plural] = at.split(' ');
    return api.list(`/${root}/namespaces/${namespace}/${plural}`).items;
  });
  const inForce = [...histories.values()].flatMap((own) => appliedRevision(own) ?? []);
  const missing = inForce.flatMap(({ name, revision, objects }) =>
    objects.flatMap(({ kind, name: called, object }) => {
      const about = `${kind} ${namespace}/${called} of ${name} revision ${revision}`;
      const found = live.find((one) => one.kind === kind && one.metadata.name === called);
      if (found === undefined) return [`${about} is not there`];
      // Objects that a change modified before it was abandoned stay so until the next change.
      const attempts = (histories.get(name) ?? []).filter((one) => one.revision > revision);
      const meant = attempts.flatMap((one) =>
        one.objects.filter((other) => other.kind === kind && other.name === called),
      );
      const wanted = [object, ...meant.map((one) => one.object)].map((one) => essence(one as KubeObject));
      const running = essence(found);
      return wanted.some((one) => isDeepStrictEqual(one, running))
        ? []
        : [`${about} is ${JSON.stringify(running)}, recorded is ${JSON.stringify(wanted)}`];
    }),
  );
  const left = live.flatMap(({ kind, metadata }) => {
    const owner = metadata.annotations?.['meta.helm.sh/release-name'] ?? '';
    const isRecorded = histories.has(owner);
    return isRecorded ? [] : [`${kind} ${namespace}/${metadata.name} is left of ${owner}, which is gone`];
  });
  return [...missing, ...left];
}

function essence({ kind, data, spec }: KubeObject): unknown {
  switch (kind) {
    case 'ConfigMap':
      return data;
    case 'ReleaseConfig':
      return [valueAt(spec, 'configValues'), valueAt(spec, 'pause')];
    default:
      return [valueAt(spec, 'replicas'), valueAt(spec, 'template', 'metadata', 'annotations', 'value')];
  }
}

/** Every replica returns what the records say, and the state that was requested. */
async function answerTroubles(
  about: Agreement,
  namespace: string,
  histories: ReadonlyMap<string, HelmRelease[]>,
): Promise<string[]> {
  const truth = [...histories]
    .map(([name, own]) => {
      const { revision, status } = appliedRevision(own) ?? { revision: 0, status: '' };
      return `${name} ${revision} ${status}${(own.at(-1)?.revision ?? 0) > revision ? ', and a failure' : ''}`;
    })
    .toSorted();
  const lines: string[] = [];
  let first: string | undefined;
  for (const server of about.servers) {
    const answer = await about.client.ask(server, { id: 'listNamespaceReleases', path: { namespace } });
    if (answer?.status !== 200) {
      lines.push(`${server.name} answers ${answer?.status} ${answer?.code}`);
      continue;
    }
    // A first install that failed is shown for a while, though there is no release.
    const items = (answer.body as ReleaseInfoList).items.filter(({ version }) => version > 0);
    const said = items.map((item) => described(item, histories.get(item.name) ?? [])).toSorted();
    if (!isDeepStrictEqual(said, truth)) {
      lines.push(`${server.name} tells of ${namespace}: ${said.join('; ')}, recorded is ${truth.join('; ')}`);
    }
    for (const { name, ready, paused, message } of items) {
      if (!ready && !paused) lines.push(`${server.name}: ${namespace}/${name} is not ready: ${message}`);
    }
    const whole = JSON.stringify(items, (key, value: unknown) => (key === 'age' ? undefined : value));
    first ??= whole;
    if (whole !== first)
      lines.push(`${server.name} tells otherwise of ${namespace} than the first:\n${whole}\n${first}`);
    lines.push(
      ...about.expected.filter((one) => one.namespace === namespace).flatMap((one) => unfulfilledIn(one, items)),
    );
  }
  return lines;
}

function described({ name, version, status, lastFailure }: ReleaseInfo, own: readonly HelmRelease[]): string {
  // A change that left no revision is a failure, too.
  const isTold = lastFailure !== undefined && (own.at(-1)?.revision ?? 0) > version;
  return `${name} ${version} ${status}${isTold ? ', and a failure' : ''}`;
}

/** Every accepted task is known to every replica and has ended, and no two tasks of a release ran at once. */
async function taskTroubles({ servers, client }: Agreement): Promise<string[]> {
  const lines: string[] = [];
  for (const server of servers) {
    const answer = await client.ask(server, { id: 'listTasks', path: {}, query: { limit: '500' } });
    if (answer?.status !== 200) {
      lines.push(`${server.name} answers ${answer?.status} ${answer?.code}`);
      continue;
    }
    const { items } = answer.body as TaskList;
    const known = new Set(items.map(({ id }) => id));
    const unknown = [...client.accepted].filter(([id]) => !known.has(id));
    lines.push(...unknown.map(([id, about]) => `${server.name} does not know task ${id} (${about})`));
    const going = items.filter(({ finishedAt }) => finishedAt === undefined);
    lines.push(
      ...going.map(
        ({ id, operation, release, state }) => `${server.name}: task ${id} (${operation} ${release}) is still ${state}`,
      ),
    );
    lines.push(...overlappingTasks(items).map((line) => `${server.name}: ${line}`));
  }
  return lines;
}
