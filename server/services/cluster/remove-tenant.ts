import { RELEASES } from '../../../contract/schemas/access.ts';
import type { TenantRemoval } from '../../../contract/schemas/cluster/tenant-request.ts';
import { DEFAULT_WAIT_SEC } from '../../../contract/schemas/default-waits.ts';
import { questionOf } from '../../domain/access/access-question.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { refuseReservedTenant } from '../../domain/cluster/tenant-plan.ts';
import { removalWaves } from '../../domain/dependencies/removal-waves.ts';
import { objectChanged, tenantNotFound } from '../../domain/errors/object-problems.ts';
import { ProblemError } from '../../domain/errors/problem-error.ts';
import { asString, valueAt } from '../../domain/json/json-reading.ts';
import { statusOf } from '../../domain/kube/kube-object.ts';
import type { ReleaseKey } from '../../domain/names/release-key.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';
import type { LiveObjects } from '../../ports/cluster/live-objects.ts';
import type { ObjectReader, ObjectReading } from '../../ports/cluster/object-reader.ts';
import type { ObjectWriter } from '../../ports/cluster/object-writer.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import type { Authorization } from '../access/authorization.ts';
import type { DeleteInput, MutationOutcome } from '../tasks/release-mutation.ts';

export type RemoveTenantDeps = {
  reader: Pick<ObjectReader, 'get'>;
  writer: Pick<ObjectWriter, 'remove'>;
  live: Pick<LiveObjects, 'list'>;
  cache: Pick<ReleaseCache, 'list'>;
  authorization: Pick<Authorization, 'demand' | 'may'>;
  /** @throws ProblemError RELEASE_HAS_DEPENDENTS if others depend on what is deleted */
  refuseDependents: (toDelete: readonly ReleaseKey[], caller: Caller | null) => Promise<void>;
  deleteRelease: (input: DeleteInput, signal: AbortSignal) => Promise<MutationOutcome>;
  clock: Pick<Clock, 'now'>;
};

export type TenantRemovalOptions = { dryrun: boolean; ignoreNotFound: boolean; timeoutSec: number; requestId: string };

/**
 * Deletes the releases of a tenant, dependents first, and then its namespace, in the name of the caller. Null: it is
 * done; with `dryrun`, what would be deleted. Where a release stays, the namespace does, too, and a repetition goes on.
 * @throws ProblemError TENANT_NOT_FOUND, TENANT_RESERVED, RELEASE_HAS_DEPENDENTS, FORBIDDEN, OBJECT_CHANGED, what the
 * deletion of a release throws, and as `ObjectReader` and `ObjectWriter`
 */
export type RemoveTenant = (
  tenant: string,
  options: TenantRemovalOptions,
  reading: ObjectReading,
) => Promise<TenantRemoval | null>;

const LIST_CLAIMS = { verb: 'list', group: '', resource: 'persistentvolumeclaims' } as const;
const LIST_PODS = { verb: 'list', group: '', resource: 'pods' } as const;

export function createRemoveTenant(deps: RemoveTenantDeps): RemoveTenant {
  const { reader, writer, live, cache, authorization, refuseDependents, deleteRelease, clock } = deps;

  async function foretell(
    tenant: string,
    waves: readonly (readonly ReleaseRecord[])[],
    caller: Caller | null,
  ): Promise<TenantRemoval> {
    const may = (right: typeof LIST_CLAIMS | typeof LIST_PODS) =>
      caller === null || authorization.may(caller, questionOf(right, tenant));
    const [mayListClaims, mayListPods] = await Promise.all([may(LIST_CLAIMS), may(LIST_PODS)]);
    const claims = live.list('v1', 'PersistentVolumeClaim', tenant).map((claim) => ({
      name: claim.metadata.name,
      capacity: asString(valueAt(statusOf(claim), 'capacity', 'storage')),
    }));
    return {
      tenantName: tenant,
      releases: waves.flat().map(({ name }) => name),
      claims: mayListClaims ? claims : null,
      pods: mayListPods ? live.list('v1', 'Pod', tenant).length : null,
    };
  }

  async function removeReleases(
    waves: readonly (readonly ReleaseRecord[])[],
    { timeoutSec, requestId }: TenantRemovalOptions,
    { as: caller, signal }: ObjectReading,
  ): Promise<void> {
    const until = clock.now() + (timeoutSec || DEFAULT_WAIT_SEC.project) * 1000;
    for (const wave of waves) {
      // A wait that is over ends with the reason, not with a default.
      const waiting = { timeoutMs: Math.max(1, until - clock.now()) };
      const options = { requestId, caller, warnings: [], waiting };
      const ended = await Promise.allSettled(
        wave.map(({ namespace, name: release }) =>
          deleteRelease({ namespace, release, deletePvcs: false, ignoreNotFound: true, force: true, options }, signal),
        ),
      );
      const failed = ended.findIndex(({ status }) => status === 'rejected');
      if (failed >= 0) {
        throw told((ended[failed] as PromiseRejectedResult).reason, wave[failed]?.name ?? '');
      }
    }
  }

  return async function removeTenant(tenant, options, reading) {
    refuseReservedTenant(tenant);
    const caller = reading.as;
    const namespace = await reader.get('Namespace', { name: tenant }, reading);
    if (namespace === null) {
      if (options.ignoreNotFound) {
        return null;
      }
      throw tenantNotFound(tenant);
    }
    const rights = (['list', 'delete'] as const).map((verb) => questionOf({ verb, ...RELEASES }, tenant));
    await authorization.demand(caller, rights);
    const records = await cache.list(tenant);
    await refuseDependents(
      records.map(({ key }) => key),
      caller,
    );
    const waves = removalWaves(records);
    if (options.dryrun) {
      return foretell(tenant, waves, caller);
    }
    await removeReleases(waves, options, reading);
    const { uid } = namespace.metadata;
    const outcome = await writer.remove({ kind: 'Namespace', name: tenant, ...(uid !== undefined && { uid }) }, caller);
    if (outcome === 'changed') {
      throw objectChanged('Namespace', '', tenant);
    }
    return null;
  };
}

/** The error of a release, which names it; the namespace has not been touched. */
function told(error: unknown, release: string): unknown {
  if (!(error instanceof ProblemError)) {
    return error;
  }
  const { code, message, details, object } = error;
  return new ProblemError(code, `release ${release} stays, and the namespace with it: ${message}`, {
    details: { ...details },
    ...(object && { object }),
    cause: error,
  });
}
