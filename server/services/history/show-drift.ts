import type { ReleaseDrift } from '../../../contract/release-check.ts';
import { objectDrift } from '../../domain/object-drift.ts';
import type { HelmEngine } from '../../ports/helm-engine.ts';
import { type RevisionReader, type RevisionReading, targetOf } from './read-revision.ts';

export type ShowDriftDeps = { reader: RevisionReader; engine: Pick<HelmEngine, 'compareLive'> };

/** Compares the live objects of a release with its newest manifest. @throws ProblemError RELEASE_NOT_FOUND */
export function createShowDrift({ reader, engine }: ShowDriftDeps) {
  return async (reading: RevisionReading, signal: AbortSignal): Promise<ReleaseDrift> => {
    const { revision, secrets } = await reader.read(reading, undefined, signal);
    const compared = await engine.compareLive(
      { ...targetOf(reading), revision: revision.revision },
      { signal, requestId: reading.requestId },
    );
    const objects = compared.map((object) => objectDrift(object, secrets.masker));
    const drifted = objects.some(({ state }) => state === 'changed' || state === 'missing');
    return { revision: revision.revision, drifted, objects };
  };
}
