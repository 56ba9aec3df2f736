import type { Revision } from '../../../contract/schemas/release-history.ts';
import { maskReference } from '../../domain/masking/mask-reference.ts';
import { maskFields } from '../../domain/masking/shown-release.ts';
import { readReleaseFacts } from '../../domain/release/release-facts.ts';
import { shownConfigValues, summarizeRevision } from '../../domain/history/shown-revision.ts';
import type { MaskManifests } from './mask-manifests.ts';
import { holderOf, type RevisionReader, type RevisionReading } from './read-revision.ts';

/**
 * Returns one revision in full, without its secrets.
 * @throws ProblemError RELEASE_NOT_FOUND, REVISION_NOT_FOUND
 */
export type GetRevision = (reading: RevisionReading, number: number, signal: AbortSignal) => Promise<Revision>;

export function createGetRevision({
  reader,
  maskManifests,
}: {
  reader: RevisionReader;
  maskManifests: MaskManifests;
}): GetRevision {
  return async function getRevision(reading, number, signal) {
    const { revision, secrets } = await reader.read(reading, number, signal);
    const facts = readReleaseFacts(revision.releaseConfig);
    const [manifest = ''] = await maskManifests([revision.manifest], secrets.masker, holderOf(reading));
    return {
      ...summarizeRevision(revision, secrets),
      configValues: shownConfigValues(revision, secrets),
      computedValues: secrets.values(revision.computedValues),
      dependencies: facts?.dependencies ?? {},
      ...maskFields(
        {
          releaseLabels: facts?.labels ?? {},
          plugins: facts?.plugins ?? [],
          source: facts?.source ? { ...facts.source } : null,
        },
        secrets.masker,
      ),
      notes: secrets.masker.text(revision.notes),
      manifest,
      hooks: revision.hooks.map(({ kind, name, events, weight }) =>
        maskReference({ kind, name, events, weight }, secrets.masker),
      ),
    };
  };
}
