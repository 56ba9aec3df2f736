import type { ClusterView } from '../../../domain/kube/cluster-view.ts';
import { parseReleaseKey, type ReleaseKey } from '../../../domain/names/release-key.ts';
import type { RolloutMarkAdapter } from '../../../ports/gate/gated-adapters.ts';
import type { FencedKube } from '../client/fenced-kube.ts';
import { RELEASE_CONFIG } from '../../../domain/release/release-config.ts';
import { hasStatus } from '../client/kube-api-error.ts';
import { problemOf } from '../client/problem-of.ts';
import { resourcePath } from '../client/resource-path.ts';

const RELEASE_CONFIGS = { group: 'apiextensions.transwarp.io', version: 'v1beta1', plural: 'releaseconfigs' };
const MARK = 'walm.io/rolled-out';

/** Marks as an annotation of the live ReleaseConfig, which no manifest contains; read from the live view. */
export function createKubeRolloutMarks({ kube, live }: { kube: FencedKube; live: ClusterView }): RolloutMarkAdapter {
  const refOf = (key: ReleaseKey) => ({ ...RELEASE_CONFIG, ...parseReleaseKey(key) });
  return {
    isDone: (key, revision) => live.get(refOf(key))?.metadata.annotations?.[MARK] === String(revision),
    async markDone(key, revision, pass) {
      const { namespace, name } = parseReleaseKey(key);
      const patch = { metadata: { annotations: { [MARK]: String(revision) } } };
      try {
        await kube.writing(pass).patch(resourcePath(RELEASE_CONFIGS, namespace, name), patch, 'merge');
      } catch (error) {
        if (!hasStatus(error, 404)) {
          throw problemOf(error, { kind: RELEASE_CONFIG.kind, namespace, name });
        }
      }
    },
  };
}
