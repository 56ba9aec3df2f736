import type { KubeObject } from '../../../domain/kube/kube-object.ts';
import type { ExistingClaim } from '../../../domain/release/release-claims.ts';
import type { ClaimAdapter } from '../../../ports/gate/gated-adapters.ts';
import type { FencedKube } from '../client/fenced-kube.ts';
import { hasStatus } from '../client/kube-api-error.ts';
import { listPages } from '../client/list-pages.ts';
import { problemOf } from '../client/problem-of.ts';
import { resourcePath } from '../client/resource-path.ts';

const CLAIMS = { group: '', version: 'v1', plural: 'persistentvolumeclaims' };

/** Claims of one request: each may have a quarter of a mebibyte of annotations. */
const PAGE = 20;

/** Claims of the API server, read each time. */
export function createKubeClaims({ kube }: { kube: FencedKube }): ClaimAdapter {
  return {
    async list(namespace, as) {
      try {
        const claims: ExistingClaim[] = [];
        const query = { metadataOnly: true, limit: PAGE };
        for await (const page of listPages(kube, resourcePath(CLAIMS, namespace), query, { as })) {
          claims.push(...page.map(claimOf));
        }
        return claims;
      } catch (error) {
        throw problemOf(error, { kind: 'PersistentVolumeClaim', namespace, name: '' });
      }
    },
    async remove(namespace, name, as, pass) {
      try {
        await kube.writing(pass).remove(resourcePath(CLAIMS, namespace, name), {}, { as });
      } catch (error) {
        if (!hasStatus(error, 404)) {
          throw problemOf(error, { kind: 'PersistentVolumeClaim', namespace, name });
        }
      }
    },
  };
}

function claimOf({ metadata }: KubeObject): ExistingClaim {
  return {
    name: metadata.name,
    labels: metadata.labels ?? {},
    kept: metadata.annotations?.['helm.sh/resource-policy']?.trim().toLowerCase() === 'keep',
  };
}
