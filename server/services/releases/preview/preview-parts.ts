import type { ChangePreview, ObjectFate } from '../../../../contract/operations/parts/change-preview.ts';
import type { ObjectRef } from '../../../../contract/schemas/warning.ts';
import type { ClusterView } from '../../../domain/kube/cluster-view.ts';
import { ProblemError } from '../../../domain/errors/problem-error.ts';
import type { HelmRelease } from '../../../ports/helm/helm-release.ts';

/** The problem that an operation would be refused with; undefined if it would be accepted. */
export async function refusalOf(judge: () => Promise<void> | void): Promise<ChangePreview['refused']> {
  try {
    await judge();
    return undefined;
  } catch (error) {
    if (!(error instanceof ProblemError)) {
      throw error;
    }
    return toldRefusal(error);
  }
}

/** A refusal as a preview tells it. */
export function toldRefusal({ code, message, details }: ProblemError): NonNullable<ChangePreview['refused']> {
  return { code, message, details: { ...details } };
}

/** What would happen to an object. */
export function fateOf(
  { apiVersion, kind, namespace, name }: ObjectRef,
  outcome: ObjectFate['outcome'],
  reason: string,
  differences: ObjectFate['differences'] = [],
): ObjectFate {
  return { apiVersion, kind, namespace, name, outcome, reason, differences };
}

/**
 * The pods of a workload that would be deleted with it, or because it no longer runs any. A record may name workloads of
 * other namespaces, whose pods its reader may not see: they are left out.
 */
export function podsOf(
  live: ClusterView,
  { namespace: own }: { namespace: string },
  workload: ObjectRef,
): ObjectFate[] {
  if (workload.namespace !== own) {
    return [];
  }
  const uid = live.get(workload)?.metadata.uid;
  const pods = uid === undefined ? [] : live.podsOf(uid);
  return pods.map(({ metadata: { namespace = '', name } }) =>
    fateOf(
      { apiVersion: 'v1', kind: 'Pod', namespace, name },
      'deleted',
      `it is a pod of ${workload.kind} ${workload.name}`,
    ),
  );
}

/** The hooks of a revision that run on one of these events. */
export function hooksOn({ hooks, namespace }: HelmRelease, ...events: readonly string[]): ObjectRef[] {
  return hooks
    .filter((hook) => hook.events.some((event) => events.includes(event)))
    .map(({ apiVersion, kind, name }) => ({ apiVersion, kind, namespace, name }));
}
