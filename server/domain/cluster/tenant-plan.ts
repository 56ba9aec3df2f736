import type { TenantRequest } from '../../../contract/schemas/cluster/tenant-request.ts';
import { problem, type ProblemError } from '../errors/problem-error.ts';
import { escapePointer } from '../../../contract/json-pointer.ts';
import { isLabelKey } from '../kube/label-syntax.ts';
import { parseQuantity } from '../kube/quantity.ts';
import { QUOTA_FIELDS } from './describe-tenant.ts';
import { checkAnnotationMap, checkLabelMap } from './marks-patch.ts';

/** What a tenant is to have: quotas by name, each with its limits by their names in Kubernetes. */
export type TenantPlan = {
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
  quotas: ReadonlyMap<string, Readonly<Record<string, string>>>;
};

const TENANT_LABEL = 'multi-tenant';
/** Numbers of objects, which are whole. */
const COUNTED =
  /^(pods|count\/.*|services(\..*)?|secrets|configmaps|persistentvolumeclaims|replicationcontrollers|resourcequotas)$/;

/** The default limits of a container, as the original Walm made them. */
export const DEFAULT_LIMITS = {
  name: 'walm-default-limitrange',
  spec: { limits: [{ type: 'Container', default: { cpu: '0.1', memory: '128Mi' } }] },
};

/** @throws ProblemError LABEL_INVALID, QUANTITY_INVALID, for anything that Kubernetes would not accept */
export function planTenant({
  tenantLabels: labels = {},
  tenantAnnotations: annotations = {},
  tenantQuotas = [],
}: TenantRequest): TenantPlan {
  checkLabelMap(labels, 'tenantLabels');
  checkAnnotationMap(annotations, 'tenantAnnotations');
  const quotas = new Map<string, Record<string, string>>();
  for (const [index, { quotaName, hard = {}, others = {} }] of tenantQuotas.entries()) {
    const at = `/tenantQuotas/${index}`;
    if (quotas.has(quotaName)) {
      throw invalid(`${at}/quotaName names the quota ${quotaName} a second time`, `${at}/quotaName`);
    }
    const limits: Record<string, string> = {};
    for (const [name, field] of Object.entries(QUOTA_FIELDS)) {
      take(limits, name, hard[field] ?? '', `${at}/hard/${field}`);
    }
    for (const [name, amount] of Object.entries(others)) {
      const pointer = `${at}/others/${escapePointer(name.slice(0, 253))}`;
      if (!isLabelKey(name) || Object.hasOwn(limits, name)) {
        throw invalid(`${pointer} is not the name of a further limit, such as count/services`, pointer);
      }
      take(limits, name, amount, pointer);
    }
    quotas.set(quotaName, limits);
  }
  return { labels, annotations, quotas };
}

/** The labels of a new tenant: clients of the original Walm know tenants by one of them. */
export function newTenantLabels(tenant: string, { labels }: Pick<TenantPlan, 'labels'>): Record<string, string> {
  return { ...labels, [TENANT_LABEL]: `tenant-tiller-${tenant}` };
}

/** Labels or annotations after `given` replaces them: those of Kubernetes and Walm stay unless they are named. */
export function replacedMarks(
  present: Readonly<Record<string, string>> = {},
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const kept = Object.entries(present).filter(([key]) => isOwned(key));
  const { [TENANT_LABEL]: marked } = present;
  return { ...Object.fromEntries(kept), ...given, ...(marked !== undefined && { [TENANT_LABEL]: marked }) };
}

/** @throws ProblemError TENANT_RESERVED for namespaces of Kubernetes */
export function refuseReservedTenant(tenant: string): void {
  if (tenant === 'default' || tenant.startsWith('kube-')) {
    const message = `the namespace ${tenant} belongs to Kubernetes and cannot be a tenant`;
    throw problem('TENANT_RESERVED', message, {}, { kind: 'Namespace', name: tenant });
  }
}

/** Whether Kubernetes or Walm own a mark: `kubernetes.io/…`, `pod-security.kubernetes.io/…`, `walm.io/…`. */
function isOwned(key: string): boolean {
  const [prefix = ''] = key.split('/');
  return key.includes('/') && /^(.*\.)?(kubernetes\.io|k8s\.io|walm\.io)$/.test(prefix);
}

function take(limits: Record<string, string>, name: string, amount: string, pointer: string): void {
  if (amount === '') {
    return;
  }
  const quantity = parseQuantity(amount);
  const isWhole = quantity !== undefined && quantity.numerator % quantity.denominator === 0n;
  if (quantity === undefined || quantity.numerator < 0n || (COUNTED.test(name) && !isWhole)) {
    const what = COUNTED.test(name) ? 'a whole number that is not negative' : 'a quantity that is not negative';
    throw invalid(`${pointer} is ${JSON.stringify(amount.slice(0, 80))}, and has to be ${what}`, pointer);
  }
  limits[name] = amount;
}

function invalid(message: string, pointer: string): ProblemError {
  return problem('QUANTITY_INVALID', message, { pointer });
}
