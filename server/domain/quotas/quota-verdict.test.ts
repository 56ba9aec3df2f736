import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../json/json.ts';
import { containerDefaults, quotaNeeds } from './quota-needs.ts';
import type { QuotaNeeds } from './quota-needs.ts';
import { quotaVerdict as verdictOf } from './quota-verdict.ts';

const plurals: Record<string, string> = { Deployment: 'deployments', Service: 'services' };

function deployment(replicas: number, resources: JsonObject, podSpec: JsonObject = {}): JsonObject {
  const containers = [{ name: 'main', resources }];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: { replicas, template: { spec: { containers, ...podSpec } } },
  };
}

function quota(hard: JsonObject, used: JsonObject = {}, spec: JsonObject = {}): JsonObject {
  return { metadata: { name: 'team' }, spec: { hard, ...spec }, status: { used } };
}

function needs(objects: JsonObject[], limitRanges: JsonObject[] = []) {
  return quotaNeeds(objects, {
    nodes: [],
    podDefaults: { container: containerDefaults(limitRanges), overheads: new Map() },
    defaultPriorityClass: '',
    defaultStorageClass: '',
    pluralOf: (_, kind) => plurals[kind],
  });
}

const sized = { requests: { cpu: '500m', memory: '1Gi' }, limits: { cpu: 1, memory: '2Gi' } };

const quotaVerdict = (quotas: JsonObject[], needed: QuotaNeeds, before?: QuotaNeeds) =>
  verdictOf('shop', [{ namespace: 'shop', quotas, needs: needed, ...(before && { before }) }]);

describe('the verdict on quotas', () => {
  it('fits when every limit has room, and shows what remains now', () => {
    const verdict = quotaVerdict(
      [quota({ 'requests.cpu': '4', 'limits.memory': '8Gi', pods: '10' }, { 'requests.cpu': '1500m', pods: '3' })],
      needs([deployment(2, sized)]),
    );
    expect(verdict).toEqual({
      fits: true,
      reasons: [],
      quotas: [
        {
          namespace: 'shop',
          name: 'team',
          scopes: [],
          limits: [
            { resource: 'requests.cpu', hard: '4', used: '1500m', needed: '1', remaining: '2500m', fits: true },
            { resource: 'limits.memory', hard: '8Gi', used: '0', needed: '4Gi', remaining: '8Gi', fits: true },
            { resource: 'pods', hard: '10', used: '3', needed: '2', remaining: '7', fits: true },
          ],
        },
      ],
    });
  });

  it('says which quota has no room for what', () => {
    const verdict = quotaVerdict([quota({ memory: '3Gi' }, { memory: '2Gi' })], needs([deployment(2, sized)]));
    expect(verdict).toMatchObject({
      fits: false,
      reasons: ['quota team: memory needs 2Gi and 1Gi of 3Gi remain'],
      quotas: [{ limits: [{ resource: 'memory', fits: false }] }],
    });
  });

  it('counts only the growth of an upgrade, and nothing where it shrinks', () => {
    const full = [quota({ 'requests.cpu': '2', pods: '3' }, { 'requests.cpu': '2', pods: '3' })];
    const before = needs([deployment(3, sized)]);
    expect(quotaVerdict(full, needs([deployment(1, sized)]), before)).toMatchObject({
      fits: true,
      quotas: [{ limits: [{ needed: '0' }, { needed: '0' }] }],
    });
    expect(quotaVerdict(full, needs([deployment(4, sized)]), before).reasons).toEqual([
      'quota team: requests.cpu needs 500m and 0 of 2 remain',
      'quota team: pods needs 1 and 0 of 3 remain',
    ]);
  });

  it('fills in the defaults of limit ranges, and refuses pods that say nothing of what is limited', () => {
    const range = {
      spec: { limits: [{ type: 'Container', default: { cpu: '300m' }, defaultRequest: { cpu: '200m' } }] },
    };
    const hard = quota({ 'requests.cpu': '1', 'limits.cpu': '1' });
    expect(quotaVerdict([hard], needs([deployment(2, {})], [range])).quotas[0]?.limits).toMatchObject([
      { needed: '400m', fits: true },
      { needed: '600m', fits: true },
    ]);
    expect(quotaVerdict([hard], needs([deployment(2, { requests: { cpu: '1m' } })])).reasons).toEqual([
      'quota team: every container must say limits.cpu: Deployment web',
    ]);
  });

  it('takes a limit for the request that is not said', () => {
    const verdict = quotaVerdict([quota({ 'requests.cpu': '1' })], needs([deployment(1, { limits: { cpu: '700m' } })]));
    expect(verdict.quotas[0]?.limits[0]?.needed).toBe('700m');
  });

  it('counts only the pods that a quota is about', () => {
    const scoped = (operator: string) =>
      quota(
        { pods: '1' },
        {},
        { scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator, values: ['high'] }] } },
      );
    const high = needs([deployment(3, sized, { priorityClassName: 'high' })]);
    expect(quotaVerdict([scoped('In')], high)).toMatchObject({
      fits: false,
      quotas: [{ scopes: ['PriorityClass In (high)'] }],
    });
    expect(quotaVerdict([scoped('NotIn')], high).fits).toBe(true);
    expect(quotaVerdict([quota({ pods: '1' }, {}, { scopes: ['BestEffort'] })], high).fits).toBe(true);
    expect(quotaVerdict([quota({ pods: '1' }, {}, { scopes: ['NotTerminating'] })], high).fits).toBe(false);
  });

  it('counts claims by class, node ports and objects', () => {
    const template = (name: string) => ({
      metadata: { name },
      spec: { storageClassName: 'gold', resources: { requests: { storage: '10Gi' } } },
    });
    const set = {
      ...deployment(3, sized),
      kind: 'StatefulSet',
      spec: {
        replicas: 3,
        volumeClaimTemplates: [template('a')],
        template: { spec: { volumes: [{ name: 'b', ephemeral: { volumeClaimTemplate: template('') } }] } },
      },
    };
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web' },
      spec: { type: 'LoadBalancer', ports: [{ port: 1 }, { port: 2 }] },
    };
    const hard = {
      'gold.storageclass.storage.k8s.io/requests.storage': '1Ti',
      'silver.storageclass.storage.k8s.io/persistentvolumeclaims': '1',
      persistentvolumeclaims: '10',
      'requests.storage': '1Ti',
      'services.nodeports': '4',
      'services.loadbalancers': '4',
      services: '4',
      'count/deployments.apps': '4',
      'count/services': '4',
    };
    const { quotas } = quotaVerdict([quota(hard)], needs([set, service, deployment(1, sized)]));
    expect(quotas[0]?.limits.map(({ needed }) => needed)).toEqual(['60Gi', '0', '6', '60Gi', '2', '1', '1', '1', '1']);
  });
});
