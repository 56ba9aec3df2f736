import type { ClusterClaim, ClusterClaimList } from '../../../contract/schemas/cluster/claim.ts';
import { questionOf } from '../../domain/access/access-question.ts';
import { claimNotFound } from '../../domain/errors/object-problems.ts';
import { asObjects, asString, valueAt } from '../../domain/json/json-reading.ts';
import { type KubeObject, refOf, specOf } from '../../domain/kube/kube-object.ts';
import { keyText } from '../../domain/lists/keyset-page.ts';
import { describeClaim } from '../../domain/status/claim-status.ts';
import type { LiveObjects } from '../../ports/cluster/live-objects.ts';
import type { ObjectReader, ObjectReading } from '../../ports/cluster/object-reader.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { Authorization } from '../access/authorization.ts';
import { collectObjects } from './collect-objects.ts';
import type { ShowOfRelease } from './hide-release-secrets.ts';
import { askList, type ObjectListQuery } from './object-list.ts';
import { showInTurns } from './show-in-turns.ts';

export type ReadClaimsDeps = {
  reader: ObjectReader;
  live: LiveObjects;
  authorization: Pick<Authorization, 'may'>;
  showOfRelease: ShowOfRelease;
  clock: Pick<Clock, 'now'>;
};

/** Reads claims in the name of the caller; throws as `ObjectReader`, and the errors that are named. */
export interface ReadClaims {
  /** @throws ProblemError QUERY_INVALID, TOO_MANY_OBJECTS */
  listClaims(namespace: string, query: ObjectListQuery, reading: ObjectReading): Promise<ClusterClaimList>;
  /** @throws ProblemError CLAIM_NOT_FOUND */
  getClaim(namespace: string, name: string, reading: ObjectReading): Promise<ClusterClaim>;
}

const LIST_PODS = { verb: 'list', group: '', resource: 'pods' } as const;

export function createReadClaims({ reader, live, authorization, showOfRelease, clock }: ReadClaimsDeps): ReadClaims {
  /** Names of the pods that mount each claim; null if the caller may not know. */
  async function usersIn(namespace: string, as: ObjectReading['as']): Promise<Map<string, string[]> | null> {
    if (as !== null && !(await authorization.may(as, questionOf(LIST_PODS, namespace)))) {
      return null;
    }
    const users = new Map<string, string[]>();
    for (const pod of live.list('v1', 'Pod', namespace)) {
      for (const volume of asObjects(specOf(pod)['volumes'])) {
        const claim = asString(valueAt(volume, 'persistentVolumeClaim', 'claimName'));
        if (claim !== '') {
          const names = users.get(claim) ?? [];
          names.push(pod.metadata.name);
          users.set(claim, names);
        }
      }
    }
    return users;
  }

  function show(claim: KubeObject, users: Map<string, string[]> | null): Promise<ClusterClaim> {
    const ref = { ...refOf(claim), kind: 'PersistentVolumeClaim' };
    return showOfRelease(
      { ...claim, kind: ref.kind },
      {
        ...describeClaim(live, ref, claim).shown,
        requested: asString(valueAt(specOf(claim), 'resources', 'requests', 'storage')),
        usedBy: users && (users.get(claim.metadata.name) ?? []),
        createdAt: claim.metadata.creationTimestamp ?? '',
      },
    );
  }

  return {
    async listClaims(namespace, query, reading) {
      const asked = askList(query);
      const users = await usersIn(namespace, reading.as);
      const found = await collectObjects(reader, { kind: 'PersistentVolumeClaim', namespace }, reading, (claim) =>
        asked.wants(claim.metadata.name, claim.metadata.labels) ? claim : undefined,
      );
      const { items, ...page } = asked.page(found, ({ metadata }) => [keyText(metadata.name)]);
      return { ...page, items: await showInTurns(items, (claim) => show(claim, users), clock) };
    },
    async getClaim(namespace, name, reading) {
      const claim = await reader.get('PersistentVolumeClaim', { namespace, name }, reading);
      if (claim === null) {
        throw claimNotFound(namespace, name);
      }
      return show(claim, await usersIn(namespace, reading.as));
    },
  };
}
