import { isDeepStrictEqual } from 'node:util';

import { parseAllDocuments } from 'yaml';

import type { ClusterObject } from '../harness/clients/kube-client.ts';
import type { ChaosWorld } from './chaos-world.ts';
import { type RecordedRevision, recordedRevisions } from './helm-truth.ts';
import { inWords, unsoundRevisions } from '../model/unsound-revisions.ts';

/** Kinds that the load makes, and the plurals that they are read by. */
const KINDS: Record<string, string> = {
  ConfigMap: 'api/v1 configmaps',
  Deployment: 'apis/apps/v1 deployments',
  StatefulSet: 'apis/apps/v1 statefulsets',
  ReleaseConfig: 'apis/apiextensions.transwarp.io/v1beta1 releaseconfigs',
};

/**
 * Whether Helm's records of a namespace are complete, and the live objects match them; each line names a difference.
 */
export async function clusterDisagreements(world: ChaosWorld, namespace: string): Promise<string[]> {
  const revisions = await recordedRevisions(world.kube, namespace);
  const names = [...new Set(revisions.map(({ release }) => release))];
  const newest = new Map(names.map((name) => [name, inForce(revisions, name)]));
  const lists = await Promise.all(
    Object.entries(KINDS).map(async ([kind, at]) => {
      const [group = '', plural = ''] = at.split(' ');
      const objects = await world.kube.list(`/${group}/namespaces/${namespace}/${plural}`);
      // The items of a list do not say of which kind they are.
      return objects.map((object) => ({ ...object, kind }));
    }),
  );
  const jobs = await world.kube.list(`/apis/batch/v1/namespaces/${namespace}/jobs`);
  const live = lists.flat().filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  return [
    ...names.flatMap((name) => recordProblems(`${namespace}/${name}`, ownOf(revisions, name))),
    ...[...newest.values()].flatMap((revision) => (revision === undefined ? [] : manifestProblems(revision, live))),
    ...live.filter(isMadeByHelm).flatMap(({ kind, metadata }) => {
      const owner = metadata.annotations?.['meta.helm.sh/release-name'] ?? '';
      return names.includes(owner) ? [] : [`${kind} ${namespace}/${metadata.name} is left of ${owner}, which is gone`];
    }),
    ...jobs
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .filter(({ metadata }) => !names.some((name) => metadata.name.startsWith(`${name}-`)))
      .map(({ metadata }) => `Job ${namespace}/${metadata.name} is left of a release that is gone`),
  ];
}

function ownOf(revisions: readonly RecordedRevision[], name: string): RecordedRevision[] {
  return revisions.filter(({ release }) => release === name);
}

/** The revision that runs: the newest that is deployed. */
function inForce(revisions: readonly RecordedRevision[], name: string): RecordedRevision | undefined {
  return ownOf(revisions, name).findLast(({ status }) => status === 'deployed');
}

/** Nothing is pending, one revision is in force, no number is missing in between, and no task has succeeded twice. */
function recordProblems(about: string, own: readonly RecordedRevision[]): string[] {
  const first = own[0]?.revision ?? 0;
  const done = own.filter(({ status, task }) => task !== '' && (status === 'deployed' || status === 'superseded'));
  const again = done.flatMap((one, at) => {
    const earlier = done.slice(0, at).find(({ task }) => task === one.task);
    return earlier === undefined ? [] : [{ ...one, earlier }];
  });
  return [
    ...unsoundRevisions(about, own),
    ...(own.some(({ revision }, at) => revision !== first + at) ? [`${about} misses revisions: ${inWords(own)}`] : []),
    ...again.map(
      ({ task, earlier, revision }) =>
        `${about}: task ${task} was carried out as revision ${earlier.revision} (${earlier.status}, "${earlier.description}"), and again as ${revision}`,
    ),
  ];
}

/** Every object of the manifest exists as in the manifest, as far as these kinds can differ. */
function manifestProblems(
  { release, revision, namespace, manifest }: RecordedRevision,
  live: ClusterObject[],
): string[] {
  return parseAllDocuments(manifest).flatMap((document) => {
    const wanted = document.toJS() as ClusterObject | null;
    if (wanted === null || KINDS[wanted.kind] === undefined) return [];
    const about = `${wanted.kind} ${namespace}/${wanted.metadata.name} of ${release} revision ${revision}`;
    const found = live.find(({ kind, metadata }) => kind === wanted.kind && metadata.name === wanted.metadata.name);
    if (found === undefined) return [`${about} is not there`];
    const [recorded, running] = [essence(wanted), essence(found)];
    return isDeepStrictEqual(recorded, running)
      ? []
      : [`${about} is ${JSON.stringify(running)}, recorded is ${JSON.stringify(recorded)}`];
  });
}

function essence(object: ClusterObject): unknown {
  const spec = object['spec'] as { replicas?: number; configValues?: unknown; pause?: unknown } | undefined;
  switch (object.kind) {
    case 'ConfigMap':
      return object['data'];
    case 'ReleaseConfig':
      return [spec?.configValues, spec?.pause];
    default:
      return spec?.replicas;
  }
}

function isMadeByHelm({ metadata }: ClusterObject): boolean {
  return metadata.annotations?.['meta.helm.sh/release-name'] !== undefined;
}
