import { maskManifest } from '../../domain/masking/masked-manifest.ts';
import { type Masker, secretsIn } from '../../domain/masking/masker.ts';
import { ProblemError } from '../../domain/errors/problem-error.ts';
import type { Threads } from '../../ports/runtime/threads.ts';

/** Removes secrets from manifests; `holder` is the caller whose share of the threads is used. */
export type MaskManifests = (manifests: readonly string[], masker: Masker, holder: string) => Promise<string[]>;

/** Parsing and writing YAML takes seconds per megabyte: larger manifests would block the event loop. */
const MASK_HERE = 16 * 1024;
const NOT_SHOWN = '# not shown: to look for secrets in it takes longer than it may\n';

/** Masks small manifests in place, and others in a thread. */
export function createMaskManifests(threads: Pick<Threads, 'run'>): MaskManifests {
  return async function maskManifests(manifests, masker, holder) {
    if (manifests.reduce((sum, text) => sum + text.length, 0) <= MASK_HERE) {
      return manifests.map((text) => maskManifest(text, masker));
    }
    const secrets = secretsIn(masker);
    try {
      // The output of the job of this name (server/composition/thread-jobs.ts).
      return (await threads.run(
        { name: 'maskManifests', input: { manifests: [...manifests], secrets } },
        holder,
      )) as string[];
    } catch (error) {
      if (error instanceof ProblemError && error.code === 'BODY_TOO_COMPLEX') {
        return [NOT_SHOWN];
      }
      throw error;
    }
  };
}
