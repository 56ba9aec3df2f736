import { type Masker, NO_SECRETS } from '../../domain/masking/masker.ts';
import { secretsOfRevision } from '../../domain/release/revision-secrets.ts';
import type { RecordMark } from '../../domain/indexes/helm-record-index.ts';
import type { ReleaseKey } from '../../domain/names/release-key.ts';
import { ProblemError } from '../../domain/errors/problem-error.ts';
import type { HelmReader } from '../../ports/helm/helm-reader.ts';
import type { HelmRelease } from '../../ports/helm/helm-release.ts';

type Known = { revision: number; own: Masker; former: Masker };

/** Knows what was secret in the revisions that the newest one replaces. */
export type FormerSecrets = {
  /**
   * The masker of a revision, where `own` masks its own secrets: adds the secrets of the previous revision, whose pods
   * and objects may still exist, and of the applied one if this revision failed or is unfinished.
   */
  with(key: ReleaseKey, release: HelmRelease, own: Masker, kept: readonly RecordMark[]): Promise<Masker>;
  forget(key: ReleaseKey): void;
};

/** Remembers the previous revision; a process that has just started reads the deployed one. */
export function createFormerSecrets(engine: Pick<HelmReader, 'getReleases'>): FormerSecrets {
  const known = new Map<ReleaseKey, Known>();

  async function ofDeployed({ namespace, name }: HelmRelease, kept: readonly RecordMark[]): Promise<Masker> {
    const deployed = kept.findLast(({ status }) => status === 'deployed');
    if (deployed === undefined) {
      return NO_SECRETS;
    }
    const [release] = await engine.getReleases([{ namespace, name, revision: deployed.revision }]);
    if (release instanceof ProblemError) {
      throw release;
    }
    return release ? secretsOfRevision(release).masker : NO_SECRETS;
  }

  return {
    async with(key, release, own, kept) {
      const { revision } = release;
      const before = known.get(key);
      const last = before === undefined ? NO_SECRETS : before.revision === revision ? before.former : before.own;
      const running = release.status === 'deployed' ? NO_SECRETS : await ofDeployed(release, kept);
      const former = last.and(running);
      known.set(key, { revision, own, former });
      return own.and(former);
    },
    forget: (key) => known.delete(key),
  };
}
