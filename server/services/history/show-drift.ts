import type { ReleaseDrift } from '../../../contract/schemas/release-check.ts';
import { objectDrift } from '../../domain/history/object-drift.ts';
import type { HelmReader } from '../../ports/helm/helm-reader.ts';
import { removesItself } from '../../domain/status/passing-jobs.ts';
import { type RevisionReader, type RevisionReading, targetOf } from './read-revision.ts';

export type ShowDriftDeps = { reader: RevisionReader; engine: Pick<HelmReader, 'compareLive'> };

/**
 * Compares the live objects of a release with its newest manifest.
 * @throws ProblemError RELEASE_NOT_FOUND
 */
export type ShowDrift = (reading: RevisionReading, signal: AbortSignal) => Promise<ReleaseDrift>;

export function createShowDrift({ reader, engine }: ShowDriftDeps): ShowDrift {
  return async function showDrift(reading, signal) {
    const { revision, secrets } = await reader.read(reading, undefined, signal);
    const compared = await engine.compareLive(
      { ...targetOf(reading), revision: revision.revision },
      { signal, requestId: reading.requestId },
    );
    const { masker } = secrets;
    const passing = new Set(revision.objects.filter((one) => removesItself(one, one.object)).map(nameOf));
    const objects = compared.map((object) => objectDrift(object, masker, passing.has(nameOf(object))));
    const drifted = objects.some(({ state }) => state === 'changed' || state === 'missing');
    return { revision: revision.revision, drifted, objects };
  };
}

function nameOf({ kind, namespace, name }: { kind: string; namespace: string; name: string }): string {
  return `${kind}/${namespace}/${name}`;
}
