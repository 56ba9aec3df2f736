import { isDeepStrictEqual } from 'node:util';

import { asString, valueAt } from '../../../server/domain/json/json-reading.ts';
import type { KubeObject } from '../../../server/domain/kube/kube-object.ts';
import type { HelmRelease } from '../../../server/ports/helm/helm-release.ts';
import { inWords, unsoundRevisions } from '../../model/unsound-revisions.ts';
import type { ApiServer } from '../api-server.ts';
import { isKept } from '../engine-revisions.ts';
import { releaseOf } from '../record-secrets.ts';

const PLURALS = [
  'api/v1 configmaps',
  'apis/apps/v1 deployments',
  'apis/apiextensions.transwarp.io/v1beta1 releaseconfigs',
];

/** Every release of a namespace with its revisions, oldest first, read without code of the product. */
export function historiesOf({ list }: Pick<ApiServer, 'list'>, namespace: string): Map<string, HelmRelease[]> {
  const { items } = list(`/api/v1/namespaces/${namespace}/secrets`, { labelSelector: 'owner=helm' });
  const all = items.map(releaseOf).toSorted((a, b) => a.revision - b.revision);
  return Map.groupBy(all, ({ name }) => name);
}

/** A release with its applied revision, and the attempts since. */
export interface SeenRelease {
  name: string;
  inForce: HelmRelease;
  attempts: readonly HelmRelease[];
}

/** The release of these revisions; undefined if it was uninstalled with its history kept. */
export function releaseIn(
  own: readonly HelmRelease[],
  applied: (key: string) => number | undefined,
): SeenRelease | undefined {
  const newest = own.at(-1);
  if (newest === undefined || newest.status === 'uninstalled') return undefined;
  const { namespace, name } = newest;
  const inForce = own.find(({ revision }) => revision === applied(`${namespace}/${name}`)) ?? newest;
  return { name, inForce, attempts: own.filter(({ revision }) => revision > inForce.revision) };
}

/** No revision is pending, at most one is deployed, and none is missing in between. */
export function recordProblems(about: string, own: readonly HelmRelease[]): string[] {
  const deployed = own.filter(({ status }) => status === 'deployed');
  const rest = own.filter(({ status }) => status !== 'deployed');
  // The oldest may have been the applied one when those after it were pruned.
  const kept = rest[0]?.status === 'superseded' ? rest.slice(1) : rest;
  const first = kept[0]?.revision ?? 0;
  return [
    ...unsoundRevisions(about, own),
    // The deployed one is never pruned.
    ...(kept.some(({ revision }, at) => revision > first + at + deployed.length)
      ? [`${about} misses revisions: ${inWords(own)}`]
      : []),
  ];
}

/** The objects in the cluster are exactly those of the applied revisions. */
export function objectProblems(
  { list }: Pick<ApiServer, 'list'>,
  namespace: string,
  releases: readonly SeenRelease[],
): string[] {
  const live = PLURALS.flatMap((at) => {
    const [root, plural] = at.split(' ');
    return list(`/${root}/namespaces/${namespace}/${plural}`).items;
  });
  const missing = releases.flatMap(({ inForce: { name, revision, objects }, attempts }) =>
    objects.flatMap(({ kind, name: called, object }) => {
      const about = `${kind} ${namespace}/${called} of ${name} revision ${revision}`;
      const found = live.find((one) => one.kind === kind && one.metadata.name === called);
      // The effects of an abandoned change stay until the next change: what it removed, and what it changed.
      if (found === undefined) {
        const isRemoved = attempts.some((one) =>
          one.objects.every((other) => other.kind !== kind || other.name !== called),
        );
        return isRemoved ? [] : [`${about} is not there`];
      }
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
  const left = live
    .filter((one) => !isKept(one))
    .flatMap(({ kind, metadata }) => {
      const owner = metadata.annotations?.['meta.helm.sh/release-name'] ?? '';
      return releases.some(({ name }) => name === owner)
        ? []
        : [`${kind} ${namespace}/${metadata.name} is left of ${owner}, which is gone`];
    });
  return [...missing, ...left];
}

/** Rendering a release again requires its chart. */
export function archiveProblems(
  { list }: Pick<ApiServer, 'list'>,
  namespace: string,
  releases: readonly SeenRelease[],
) {
  const kept = list(`/api/v1/namespaces/${namespace}/secrets`).items.map(({ metadata }) => metadata.name);
  return releases.flatMap(({ name, inForce: { releaseConfig } }) => {
    const digest = asString(valueAt(releaseConfig ?? {}, 'spec', 'source', 'digest'));
    const isKept = digest === '' || kept.some((secret) => secret.startsWith(`walm-chart-${digest}-`));
    return isKept ? [] : [`the chart of ${namespace}/${name} is not kept any longer`];
  });
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
