import type { MaskManifests } from './mask-manifests.ts';
import { holderOf, type RevisionReader, type RevisionReading } from './read-revision.ts';

/** Which revision (the newest if absent), and whether to include its hooks. */
export type ManifestChoice = { revision?: number; hooks: boolean };

/**
 * The recorded manifest as text, without secrets: what `helm get manifest` prints, with `hooks` followed by what `helm
 * get hooks` prints.
 * @throws ProblemError RELEASE_NOT_FOUND, REVISION_NOT_FOUND
 */
export type ShowManifest = (reading: RevisionReading, choice: ManifestChoice, signal: AbortSignal) => Promise<string>;

export function createShowManifest({
  reader,
  maskManifests,
}: {
  reader: RevisionReader;
  maskManifests: MaskManifests;
}): ShowManifest {
  return async function showManifest(reading, choice, signal) {
    const { revision, secrets } = await reader.read(reading, choice.revision, signal);
    const hooks = choice.hooks
      ? revision.hooks.map(({ path, manifest }) => `---\n# Source: ${path}\n${manifest.trimEnd()}\n`)
      : [];
    const shown = await maskManifests([revision.manifest, ...hooks], secrets.masker, holderOf(reading));
    return shown.join('');
  };
}
