import { maskManifest } from '../../domain/masking/masked-manifest.ts';
import { type Masker, secretsIn } from '../../domain/masking/masker.ts';
import { ProblemError } from '../../domain/errors/problem-error.ts';
import type { Threads } from '../../ports/runtime/threads.ts';

/** Takes secrets out of manifests; `holder` is whose turn it is where threads are few. */
export type MaskManifests = (manifests: readonly string[], masker: Masker, holder: string) => Promise<string[]>;

/** Reading and writing YAML takes the server seconds a megabyte: more than this may keep the event loop too long. */
const MASK_HERE = 16 * 1024;
const NOT_SHOWN = '# not shown: to look for secrets in it takes longer than it may\n';

/** Masks small manifests at once, and the others in a thread. */
export function createMaskManifests(threads: Pick<Threads, 'run'>): MaskManifests {
  return async function maskManifests(manifests, masker, holder) {
    if (manifests.reduce((sum, text) => sum + text.length, 0) <= MASK_HERE) {
      return manifests.map((text) => maskManifest(text, masker));
    }
    const secrets = secretsIn(masker);
    try {
      // What the job of this name makes (server/composition/thread-jobs.ts).
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
