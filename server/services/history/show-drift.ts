import type { ReleaseDrift } from '../../../contract/schemas/release-check.ts';
import { NO_SECRETS } from '../../domain/masking/masker.ts';
import { objectDrift } from '../../domain/history/object-drift.ts';
import type { HelmReader } from '../../ports/helm/helm-reader.ts';
import { removesItself } from '../../domain/status/passing-jobs.ts';
import { type RevisionReader, type RevisionReading, targetOf } from './read-revision.ts';

export type ShowDriftDeps = { reader: RevisionReader; engine: Pick<HelmReader, 'compareLive'> };

/** Compares the live objects of a release with its newest manifest. @throws ProblemError RELEASE_NOT_FOUND */
export function createShowDrift({ reader, engine }: ShowDriftDeps) {
  return async (reading: RevisionReading, signal: AbortSignal): Promise<ReleaseDrift> => {
    const { revision, secrets } = await reader.read(reading, undefined, signal);
    const compared = await engine.compareLive(
      { ...targetOf(reading), revision: revision.revision },
      { signal, requestId: reading.requestId },
    );
    // Where the newest failed, what runs may be of the deployed one.
    const history = revision.status === 'deployed' ? [] : await reader.list(reading, signal);
    const deployed = history.find(({ status }) => status === 'deployed')?.revision;
    const running = deployed === undefined ? NO_SECRETS : (await reader.read(reading, deployed, signal)).secrets.masker;
    const masker = secrets.masker.and(running);
    const passing = new Set(revision.objects.filter((one) => removesItself(one, one.object)).map(nameOf));
    const objects = compared.map((object) => objectDrift(object, masker, passing.has(nameOf(object))));
    const drifted = objects.some(({ state }) => state === 'changed' || state === 'missing');
    return { revision: revision.revision, drifted, objects };
  };
}

function nameOf({ kind, namespace, name }: { kind: string; namespace: string; name: string }): string {
  return `${kind}/${namespace}/${name}`;
}
