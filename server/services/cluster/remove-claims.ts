import type { ClaimRemoval, ClaimRemovals } from '../../../contract/schemas/cluster/claim-removal.ts';
import { questionOf } from '../../domain/access/access-question.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { claimNotFound, objectChanged } from '../../domain/errors/object-problems.ts';
import { problem, ProblemError } from '../../domain/errors/problem-error.ts';
import { asObject, asObjects, asString, valueAt } from '../../domain/json/json-reading.ts';
import type { JsonObject } from '../../domain/json/json.ts';
import { type KubeObject, specOf, statusOf } from '../../domain/kube/kube-object.ts';
import { claimPatterns, claimsOf } from '../../domain/release/release-claims.ts';
import type { LiveObjects } from '../../ports/cluster/live-objects.ts';
import type { ObjectReader, ObjectReading } from '../../ports/cluster/object-reader.ts';
import type { ObjectWriter } from '../../ports/cluster/object-writer.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { Authorization } from '../access/authorization.ts';
import { createYieldTurn } from '../jobs/cooperative-yield.ts';
import { readSelector } from '../releases/query/read-selector.ts';
import { collectObjects } from './collect-objects.ts';
import type { ShowOfRelease } from './hide-release-secrets.ts';

export type RemoveClaimsDeps = {
  live: Pick<LiveObjects, 'get' | 'list'>;
  reader: Pick<ObjectReader, 'list'>;
  writer: Pick<ObjectWriter, 'remove'>;
  authorization: Pick<Authorization, 'may'>;
  showOfRelease: ShowOfRelease;
  clock: Pick<Clock, 'now'>;
  /** The first claim that stays is the error of all (decision 22: compatibility). */
  failsAsOne: boolean;
};

/** Which claims to delete. */
export type ClaimsToRemove = { labelselector: string; limit: number; dryrun: boolean };

/**
 * Deletes claims in the name of the caller, unless something uses them. Throws as `ObjectReader` and `ObjectWriter`, and
 * the errors that are named.
 */
export interface RemoveClaims {
  /**
   * What was, or with `dryrun` would be, deleted; null: there is none, which `ignoreNotFound` accepts.
   * @throws ProblemError CLAIM_IN_USE, CLAIM_NOT_FOUND, OBJECT_CHANGED
   */
  deleteClaim(
    namespace: string,
    name: string,
    options: { dryrun: boolean; ignoreNotFound: boolean },
    reading: ObjectReading,
  ): Promise<ClaimRemoval | null>;
  /** @throws ProblemError QUERY_INVALID, TOO_MANY_CLAIMS, TOO_MANY_OBJECTS */
  deleteClaims(namespace: string, query: ClaimsToRemove, reading: ObjectReading): Promise<ClaimRemovals>;
}

const ENDED: ReadonlySet<string> = new Set(['Succeeded', 'Failed']);
const LIST = [
  { verb: 'list', group: '', resource: 'pods' },
  { verb: 'list', group: 'apps', resource: 'statefulsets' },
] as const;

/** A claim as the caller sees it; `sets` and `pods`, which use it, by `namespace/name`. */
type Told = Omit<ClaimRemoval, 'outcome' | 'usedBy' | 'error'> & { sets: string[]; pods: string[] };

export function createRemoveClaims(deps: RemoveClaimsDeps): RemoveClaims {
  const { live, reader, writer, authorization, showOfRelease, clock, failsAsOne } = deps;

  async function mayNameUsers(namespace: string, caller: Caller | null): Promise<boolean> {
    if (caller === null) {
      return true;
    }
    const answers = await Promise.all(LIST.map((right) => authorization.may(caller, questionOf(right, namespace))));
    return answers.every(Boolean);
  }

  /** Names are what charts made of their values: none shows a secret of its release. */
  function tell(claim: KubeObject): Promise<Told> {
    const { namespace = '', name, labels = {} } = claim.metadata;
    const named = ({ metadata }: KubeObject) => `${namespace}/${metadata.name}`;
    const pods = live.list('v1', 'Pod', namespace).filter((pod) => mounts(pod, name));
    const sets = live.list('apps/v1', 'StatefulSet', namespace).filter((set) => {
      const patterns = claimPatterns([{ kind: 'StatefulSet', object: set as unknown as JsonObject }]);
      return claimsOf(patterns, [{ name, labels }]).length > 0;
    });
    return showOfRelease(
      { ...claim, kind: 'PersistentVolumeClaim' },
      {
        namespace,
        name,
        capacity: asString(valueAt(statusOf(claim), 'capacity', 'storage')),
        volume: asString(specOf(claim)['volumeName']),
        sets: sets.map(named),
        pods: pods.map(named),
      },
    );
  }

  /** Null: it is gone. @throws ProblemError CLAIM_IN_USE, OBJECT_CHANGED */
  async function remove(
    claim: KubeObject,
    told: Told,
    { dryrun, mayName }: Removing,
    caller: Caller | null,
  ): Promise<ClaimRemoval | null> {
    refuseUsed(claim, told, mayName);
    if (dryrun) {
      return { ...shown(told, mayName), outcome: 'planned' };
    }
    const { namespace = '', name, uid } = claim.metadata;
    const ref = { kind: 'PersistentVolumeClaim', namespace, name } as const;
    const outcome = await writer.remove({ ...ref, ...(uid !== undefined && { uid }) }, caller);
    if (outcome === 'changed') {
      throw objectChanged('PersistentVolumeClaim', namespace, name);
    }
    return outcome === 'absent' ? null : { ...shown(told, mayName), outcome: 'deleted' };
  }

  /** The same, with the reason if it stays. */
  async function attempt(
    claim: KubeObject,
    told: Told,
    removing: Removing,
    caller: Caller | null,
  ): Promise<ClaimRemoval | null> {
    try {
      return await remove(claim, told, removing, caller);
    } catch (error) {
      if (!(error instanceof ProblemError) || failsAsOne) {
        throw error;
      }
      const { code, message, details } = error;
      return { ...shown(told, removing.mayName), outcome: 'failed', error: { code, message, details: { ...details } } };
    }
  }

  return {
    async deleteClaim(namespace, name, { dryrun, ignoreNotFound }, { as }) {
      const claim = live.get({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name });
      const mayName = await mayNameUsers(namespace, as);
      const removed = claim && (await remove(claim, await tell(claim), { dryrun, mayName }, as));
      if (!removed && !ignoreNotFound) {
        throw claimNotFound(namespace, name);
      }
      return removed ?? null;
    },
    async deleteClaims(namespace, { labelselector, limit, dryrun }, reading) {
      const matches = readSelector(labelselector);
      if (matches === undefined) {
        throw problem('QUERY_INVALID', 'labelselector is empty: name the claims', { parameter: 'labelselector' });
      }
      const place = { kind: 'PersistentVolumeClaim', namespace } as const;
      const found = await collectObjects(reader, place, reading, (claim) =>
        matches(claim.metadata.labels ?? {}) ? claim : undefined,
      );
      if (found.length > limit) {
        const message = `${found.length} claims match, and at most ${limit} may be deleted`;
        throw problem('TOO_MANY_CLAIMS', message, { num: found.length, limit });
      }
      const mayName = await mayNameUsers(namespace, reading.as);
      const claims: { claim: KubeObject; told: Told }[] = [];
      const yieldTurn = createYieldTurn(clock);
      for (const claim of found.toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))) {
        claims.push({ claim, told: await tell(claim) });
        await yieldTurn();
      }
      if (failsAsOne) {
        claims.forEach(({ claim, told }) => refuseUsed(claim, told, mayName));
      }
      const items: ClaimRemoval[] = [];
      for (const { claim, told } of claims) {
        const item = await attempt(claim, told, { dryrun, mayName }, reading.as);
        items.push(...(item === null ? [] : [item]));
      }
      return { dryrun, num: items.length, failed: items.filter(({ outcome }) => outcome === 'failed').length, items };
    },
  };
}

/** `mayName`: the caller may know what uses a claim. */
type Removing = { dryrun: boolean; mayName: boolean };

/** @throws ProblemError CLAIM_IN_USE */
function refuseUsed(claim: KubeObject, { namespace, name, sets, pods }: Told, mayName: boolean): void {
  if (sets.length === 0 && pods.length === 0) {
    return;
  }
  const by = sets.length > 0 ? `statefulsets [${sets.join(' ')}]` : `pods [${pods.join(' ')}]`;
  throw problem(
    'CLAIM_IN_USE',
    `pvc ${namespace}/${name} can not be deleted, it is still used${mayName ? ` by ${by}` : ''}`,
    mayName ? { statefulsets: sets, pods } : {},
    { kind: 'PersistentVolumeClaim', namespace, name: claim.metadata.name },
  );
}

function shown({ sets, pods, ...told }: Told, mayName: boolean): Omit<ClaimRemoval, 'outcome'> {
  const users = [...sets.map((set) => `statefulset ${set}`), ...pods.map((pod) => `pod ${pod}`)];
  return { ...told, usedBy: mayName ? users : null };
}

/** Whether a pod that has not ended mounts the claim. */
function mounts(pod: KubeObject, claim: string): boolean {
  return (
    !ENDED.has(asString(statusOf(pod)['phase'])) &&
    asObjects(specOf(pod)['volumes']).some(
      (volume) => asString(asObject(volume['persistentVolumeClaim'])['claimName']) === claim,
    )
  );
}
