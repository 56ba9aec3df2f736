import type { ChangePreview, ObjectFate } from '../../../contract/change-preview.ts';
import type { ObjectRef } from '../../../contract/warning.ts';
import type { Caller } from '../../domain/caller.ts';
import type { ClusterView } from '../../domain/cluster-view.ts';
import { dependencyEntries } from '../../domain/dependency-status.ts';
import { dependentsOf } from '../../domain/dependents.ts';
import type { Masker } from '../../domain/masking/masker.ts';
import { maskWarnings } from '../../domain/masking/revision-secrets.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import { releaseKey } from '../../domain/release-key.ts';
import type { HelmRelease } from '../../ports/helm-release.ts';
import type { ReleaseCache } from '../../ports/release-cache.ts';
import type { Authorization } from '../access/authorization.ts';
import { onlySeen } from '../access/sight.ts';
import type { RevisionReader, RevisionReading } from '../history/read-revision.ts';
import { revisionMismatch } from '../releases/accept-change.ts';
import type { ChangeInput } from '../releases/release-mutation.ts';

export type PreviewDeps = {
  reader: RevisionReader;
  cache: Pick<ReleaseCache, 'list'>;
  authorization: Pick<Authorization, 'sightOf'>;
  live: ClusterView;
};

/** Who asks for the preview of a change, and of which release. */
export function readingOf({ namespace, release, options }: ChangeInput): RevisionReading {
  return { namespace, release, caller: options.caller, requestId: options.requestId };
}

/** The problem that the change would be refused with too. @throws ProblemError REVISION_MISMATCH */
export function refuseOtherRevision({ namespace, release, options }: ChangeInput, { revision }: HelmRelease): void {
  const { expectedRevision } = options;
  if (expectedRevision !== undefined && expectedRevision !== revision) {
    throw revisionMismatch(namespace, release, expectedRevision, revision);
  }
}

/** The releases that depend on one: those that the caller may list, and how many more. */
export async function tellWhoDepends(
  { cache, authorization }: PreviewDeps,
  { namespace, release }: Pick<ChangeInput, 'namespace' | 'release'>,
  caller: Caller | null,
): Promise<Pick<ChangePreview, 'dependents' | 'hiddenDependents'>> {
  const key = releaseKey(namespace, release);
  const all = dependentsOf(key, await cache.list()).flatMap((record) =>
    dependencyEntries(record)
      .filter(({ provider }) => provider === key)
      .map((entry) => ({ namespace: record.namespace, name: record.name, key: entry.key })),
  );
  const seen = await onlySeen(authorization.sightOf(caller), all);
  return { dependents: [...seen], hiddenDependents: all.length - seen.length };
}

/** What an operation would be refused with; undefined where it would not. */
export async function refusalOf(judge: () => Promise<void> | void): Promise<ChangePreview['refused']> {
  try {
    await judge();
    return undefined;
  } catch (error) {
    if (!(error instanceof ProblemError)) {
      throw error;
    }
    const { code, message, details } = error;
    return { code, message, details: { ...details } };
  }
}

/** What would become of an object. */
export function fateOf(
  { apiVersion, kind, namespace, name }: ObjectRef,
  outcome: ObjectFate['outcome'],
  reason: string,
  differences: ObjectFate['differences'] = [],
): ObjectFate {
  return { apiVersion, kind, namespace, name, outcome, reason, differences };
}

/** The pods of a workload that would go with it, or because it runs none any longer. */
export function podsOf(live: ClusterView, workload: ObjectRef): ObjectFate[] {
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

/** The preview as it may be shown: a chart may put what is secret into names, and the cluster into reasons. */
export function masked(preview: ChangePreview, masker: Masker): ChangePreview {
  const hide = <Ref extends ObjectRef>(ref: Ref): Ref => ({ ...ref, name: masker.text(ref.name) });
  return {
    ...preview,
    objects: preview.objects.map((fate) => ({ ...hide(fate), reason: masker.text(fate.reason) })),
    hooks: preview.hooks.map(hide),
    warnings: maskWarnings(preview.warnings, masker),
  };
}
