import type { TenantRequest } from '../../../contract/schemas/cluster/tenant-request.ts';
import type { Verb } from '../../../contract/schemas/access.ts';
import { questionOf } from '../../domain/access/access-question.ts';
import type { Caller } from '../../domain/access/caller.ts';
import {
  DEFAULT_LIMITS,
  newTenantLabels,
  planTenant,
  refuseReservedTenant,
  replacedMarks,
  type TenantPlan,
} from '../../domain/cluster/tenant-plan.ts';
import { objectChanged } from '../../domain/errors/object-problems.ts';
import { problem, ProblemError } from '../../domain/errors/problem-error.ts';
import { type KubeObject, specOf } from '../../domain/kube/kube-object.ts';
import type { ObjectReader, ObjectReading } from '../../ports/cluster/object-reader.ts';
import type { ObjectWriter, WriteOutcome } from '../../ports/cluster/object-writer.ts';
import type { Authorization } from '../access/authorization.ts';
import { collectObjects } from './collect-objects.ts';

export type ChangeTenantsDeps = {
  reader: ObjectReader;
  writer: ObjectWriter;
  authorization: Pick<Authorization, 'demand'>;
};

/**
 * Makes and changes tenants in the name of the caller, after all rights were asked for and everything was judged that can
 * be judged before. Throws as `ObjectReader` and `ObjectWriter`, and the errors that are named.
 */
export interface ChangeTenants {
  /**
   * Leaves nothing behind where it fails.
   * @throws ProblemError LABEL_INVALID, NAMESPACE_TERMINATING, QUANTITY_INVALID, TENANT_EXISTS, TENANT_RESERVED
   */
  createTenant(
    tenant: string,
    request: TenantRequest,
    options: { ignoreExisting: boolean; limitRange: boolean },
    reading: ObjectReading,
  ): Promise<void>;
  /** @throws ProblemError LABEL_INVALID, OBJECT_CHANGED, QUANTITY_INVALID, TENANT_NOT_FOUND, TENANT_RESERVED */
  updateTenant(
    tenant: string,
    request: TenantRequest,
    options: { removeQuotas: boolean },
    reading: ObjectReading,
  ): Promise<void>;
}

export function createChangeTenants({ reader, writer, authorization }: ChangeTenantsDeps): ChangeTenants {
  async function demand(
    tenant: string,
    caller: Caller | null,
    resource: 'resourcequotas' | 'limitranges',
    verbs: readonly Verb[],
  ): Promise<void> {
    await authorization.demand(
      caller,
      verbs.map((verb) => questionOf({ verb, group: '', resource }, tenant)),
    );
  }

  /** @throws ProblemError NAMESPACE_TERMINATING, TENANT_EXISTS unless that is fine */
  async function refuseExisting(tenant: string, ignoreExisting: boolean, reading: ObjectReading): Promise<void> {
    const found = await reader.get('Namespace', { name: tenant }, reading).catch((error: unknown) => {
      // It exists, whether or not the caller may look at it.
      if (error instanceof ProblemError && error.code === 'FORBIDDEN') {
        return null;
      }
      throw error;
    });
    const object = { kind: 'Namespace', name: tenant };
    if (found?.metadata.deletionTimestamp !== undefined) {
      throw problem('NAMESPACE_TERMINATING', `namespace ${tenant} is being deleted: wait until it is gone`, {}, object);
    }
    if (!ignoreExisting) {
      throw problem('TENANT_EXISTS', `tenant ${tenant} exists already`, {}, object);
    }
  }

  async function fill(
    tenant: string,
    { quotas }: TenantPlan,
    limitRange: boolean,
    caller: Caller | null,
  ): Promise<void> {
    for (const [name, hard] of quotas) {
      await createQuota(tenant, name, hard, caller);
    }
    if (limitRange) {
      const { name, spec } = DEFAULT_LIMITS;
      const content = { spec: structuredClone(spec) };
      await writer.create({ kind: 'LimitRange', namespace: tenant, name, content }, caller);
    }
  }

  async function createQuota(
    tenant: string,
    name: string,
    hard: Readonly<Record<string, string>>,
    caller: Caller | null,
  ): Promise<void> {
    const made = await writer.create(
      { kind: 'ResourceQuota', namespace: tenant, name, content: { spec: { hard: { ...hard } } } },
      caller,
    );
    if (made === null) {
      throw objectChanged('ResourceQuota', tenant, name);
    }
  }

  /** Deletes the namespace that was made a moment ago; says in the error where it has to stay. */
  async function takeBack(namespace: KubeObject, caller: Caller | null, error: unknown): Promise<unknown> {
    const { name, uid } = namespace.metadata;
    try {
      await writer.remove({ kind: 'Namespace', name, ...(uid !== undefined && { uid }) }, caller);
      return error;
    } catch (left) {
      if (!(error instanceof ProblemError && left instanceof ProblemError)) {
        return error;
      }
      const message = `${error.message}; namespace ${name} was made and stays: ${left.message}`;
      return new ProblemError(error.code, message, {
        details: { ...error.details, left: `Namespace ${name}` },
        ...(error.object && { object: error.object }),
        cause: error,
      });
    }
  }

  return {
    async createTenant(tenant, request, { ignoreExisting, limitRange }, reading) {
      refuseReservedTenant(tenant);
      const plan = planTenant(request);
      const caller = reading.as;
      await demand(tenant, caller, 'resourcequotas', plan.quotas.size > 0 ? ['create'] : []);
      await demand(tenant, caller, 'limitranges', limitRange ? ['create'] : []);
      const labels = newTenantLabels(tenant, plan);
      const made = await writer.create(
        { kind: 'Namespace', name: tenant, labels, annotations: { ...plan.annotations }, content: {} },
        caller,
      );
      if (made === null) {
        return refuseExisting(tenant, ignoreExisting, reading);
      }
      try {
        await fill(tenant, plan, limitRange, caller);
      } catch (error) {
        throw await takeBack(made, caller, error);
      }
    },

    async updateTenant(tenant, request, { removeQuotas }, reading) {
      refuseReservedTenant(tenant);
      const plan = planTenant(request);
      const caller = reading.as;
      const namespace = await reader.get('Namespace', { name: tenant }, reading);
      if (namespace === null) {
        const object = { kind: 'Namespace', name: tenant };
        throw problem('TENANT_NOT_FOUND', `not found error: there is no tenant ${tenant}`, {}, object);
      }
      const changesQuotas: Verb[] = plan.quotas.size > 0 ? ['list', 'create', 'update'] : [];
      await demand(tenant, caller, 'resourcequotas', [
        ...changesQuotas,
        ...(removeQuotas ? (['list', 'delete'] as const) : []),
      ]);
      const quotas =
        plan.quotas.size > 0 || removeQuotas
          ? await collectObjects(reader, { kind: 'ResourceQuota', namespace: tenant }, reading, (quota) => quota)
          : [];
      const { labels, annotations } = namespace.metadata;
      const metadata = {
        ...namespace.metadata,
        labels: replacedMarks(labels, plan.labels),
        annotations: replacedMarks(annotations, plan.annotations),
      };
      mustBeDone(await writer.replace({ ...namespace, kind: 'Namespace', metadata }, caller), 'Namespace', '', tenant);
      const byName = new Map(quotas.map((quota) => [quota.metadata.name, quota]));
      for (const [name, hard] of plan.quotas) {
        const found = byName.get(name);
        if (found === undefined) {
          await createQuota(tenant, name, hard, caller);
        } else {
          const spec = { ...specOf(found), hard: { ...hard } };
          const outcome = await writer.replace({ ...found, kind: 'ResourceQuota', spec }, caller);
          mustBeDone(outcome, 'ResourceQuota', tenant, name);
        }
      }
      const unnamed = removeQuotas ? [...byName.keys()].filter((name) => !plan.quotas.has(name)) : [];
      for (const name of unnamed) {
        await writer.remove({ kind: 'ResourceQuota', namespace: tenant, name }, caller);
      }
    },
  };
}

/** @throws ProblemError OBJECT_CHANGED */
function mustBeDone(outcome: WriteOutcome, kind: string, namespace: string, name: string): void {
  if (outcome !== 'done') {
    throw objectChanged(kind, namespace, name);
  }
}
