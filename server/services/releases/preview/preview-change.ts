import type { JsonObject } from '../../../domain/json/json.ts';
import { asObject } from '../../../domain/json/json-reading.ts';
import type { ChangePreview } from '../../../../contract/operations/parts/change-preview.ts';
import type { Warning } from '../../../../contract/schemas/warning.ts';
import type { Caller } from '../../../domain/access/caller.ts';
import type { ClusterView } from '../../../domain/kube/cluster-view.ts';
import { dependencyEntries } from '../../../domain/dependencies/dependency-status.ts';
import { dependentsOf } from '../../../domain/dependencies/dependents.ts';
import { maskReference } from '../../../domain/masking/mask-reference.ts';
import type { Masker } from '../../../domain/masking/masker.ts';
import { maskWarnings } from '../../../domain/release/revision-secrets.ts';
import { releaseKey } from '../../../domain/names/release-key.ts';
import type { HelmReleaseSummary } from '../../../ports/helm/helm-release.ts';
import type { ReleaseCache } from '../../../ports/storage/release-cache.ts';
import type { Authorization } from '../../access/authorization.ts';
import { onlySeen } from '../../access/visible-namespaces.ts';
import type { ReadRevision, RevisionReader, RevisionReading } from '../../history/read-revision.ts';
import { refuseOtherRevision } from '../observe/expected-revision.ts';
import type { ChangeInput } from '../../tasks/release-mutation.ts';

export type PreviewDeps = {
  reader: RevisionReader;
  cache: Pick<ReleaseCache, 'list'>;
  authorization: Pick<Authorization, 'visibleTo'>;
  live: ClusterView;
};

/** The release before the change: the applied revision, and all stored ones, newest first. */
export type Before = ReadRevision & { reading: RevisionReading; history: readonly HelmReleaseSummary[] };

/** What a kind of change would do; `masker` covers more than the applied revision. */
export type Foreseen = Pick<ChangePreview, 'objects'> &
  Partial<Pick<ChangePreview, 'hooks' | 'refused'>> & { warnings?: readonly Warning[]; masker?: Masker };

/**
 * Previews a change: refuses what the change would be refused for because of the revision, lists the dependents, and
 * masks secrets. `foresee` adds what is specific to the change. Nothing is written.
 * @throws ProblemError RELEASE_NOT_FOUND, REVISION_MISMATCH, and what reading throws
 */
export async function previewChange(
  deps: PreviewDeps,
  input: ChangeInput,
  signal: AbortSignal,
  foresee: (before: Before) => Promise<Foreseen>,
): Promise<ChangePreview> {
  const reading = readingOf(input);
  const history = await deps.reader.list(reading, signal);
  refuseOtherRevision(input, input.options.expectedRevision, history.toReversed());
  const { revision, secrets } = await deps.reader.read(reading, undefined, signal);
  const [{ masker = secrets.masker, warnings = [], ...foreseen }, depending] = await Promise.all([
    foresee({ reading, history, revision, secrets }),
    tellWhoDepends(deps, input, reading.caller),
  ]);
  const all = [...input.options.warnings, ...warnings];
  return masked({ revision: revision.revision, hooks: [], ...foreseen, ...depending, warnings: all }, masker);
}

/** The caller who requests the preview, and the release. */
function readingOf({ namespace, release, options }: ChangeInput): RevisionReading {
  return { namespace, release, caller: options.caller, requestId: options.requestId };
}

/** The dependents of a release: those that the caller may list, and the number of the others. */
async function tellWhoDepends(
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
  const seen = await onlySeen(authorization.visibleTo(caller), all);
  return { dependents: [...seen], hiddenDependents: all.length - seen.length };
}

function maskedRefusal(
  { code, message, details }: NonNullable<ChangePreview['refused']>,
  masker: Masker,
): NonNullable<ChangePreview['refused']> {
  // Details are what a problem's body is made of: JSON by construction.
  return {
    code,
    message: masker.text(message),
    ...(details && { details: asObject(masker.json(details as JsonObject)) }),
  };
}

/** The preview with secrets masked: a chart may put secrets into names, and the cluster into reasons. */
function masked(preview: ChangePreview, masker: Masker): ChangePreview {
  return {
    ...preview,
    objects: preview.objects.map((fate) => ({ ...maskReference(fate, masker), reason: masker.text(fate.reason) })),
    hooks: preview.hooks.map((hook) => maskReference(hook, masker)),
    ...(preview.refused && { refused: maskedRefusal(preview.refused, masker) }),
    warnings: maskWarnings(preview.warnings, masker),
  };
}
