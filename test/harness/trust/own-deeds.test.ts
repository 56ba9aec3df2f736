import { expect, test } from 'vitest';

import type { AuditEvent } from './audit-log.ts';
import { wrongDeeds } from './own-deeds.ts';

const own = { user: 'system:serviceaccount:walm-system:walm', systemNamespace: 'walm-system' };
const CONFIGS = { group: 'apiextensions.transwarp.io', resource: 'releaseconfigs', name: 'web' };
const mark = { metadata: { annotations: { 'walm.io/rolled-out': '3' } } };

function event(verb: string, rest: Partial<AuditEvent> = {}): AuditEvent {
  return {
    verb,
    user: own.user,
    resource: 'secrets',
    group: '',
    subresource: '',
    namespace: 'shop',
    name: '',
    uri: '/api/v1/namespaces/shop/secrets',
    code: 200,
    ...rest,
  };
}
const listed = (query: string): Partial<AuditEvent> => ({ uri: `/api/v1/secrets?${query}`, namespace: '' });

test.each<[string, AuditEvent]>([
  ['writes in its own namespace', event('create', { namespace: 'walm-system' })],
  ['making its own namespace', event('create', { resource: 'namespaces', namespace: '', name: 'walm-system' })],
  ['what it does as somebody', event('create', { impersonated: 'ann' })],
  ['what others do', event('delete', { user: 'ann' })],
  ['asking who somebody is', event('create', { resource: 'tokenreviews', namespace: '' })],
  [
    'its definition',
    event('patch', { resource: 'customresourcedefinitions', name: `releaseconfigs.${CONFIGS.group}` }),
  ],
  ['a mark on a ReleaseConfig', event('patch', { ...CONFIGS, request: mark })],
  ['reading a record', event('get', { name: 'sh.helm.release.v1.web.v12' })],
  ['reading a piece of an archive', event('get', { name: `walm-chart-${'0'.repeat(64)}-0-of-2` })],
  ['watching records', event('watch', listed('fieldSelector=type%3Dhelm.sh%2Frelease.v1'))],
  ['listing the records of a release', event('list', listed('labelSelector=name%3Dweb%2Cowner%3Dhelm'))],
  ['looking beside them', event('list', listed('fieldSelector=metadata.name%3Dsh.helm.release.v1.web.v2'))],
  ['watching Secrets of releases', event('watch', listed('labelSelector=app.kubernetes.io%2Fmanaged-by%3DHelm'))],
  ['reading what is not a Secret', event('list', { resource: 'pods' })],
])('%s is allowed', (_, deed) => {
  expect(wrongDeeds([deed], own)).toEqual([]);
});

test.each<[string, AuditEvent, string]>([
  [
    'a write elsewhere',
    event('create', { resource: 'configmaps', name: 'x', code: 201 }),
    'create configmaps shop/x answered 201',
  ],
  ['one that was refused', event('delete', { name: 'x', code: 403 }), 'delete secrets shop/x answered 403'],
  [
    'one that is cluster-wide',
    event('create', { resource: 'namespaces', namespace: '', name: 'shop' }),
    'create namespaces /shop answered 200',
  ],
  [
    'another mark',
    event('patch', { ...CONFIGS, request: { metadata: { annotations: { a: 'b' } } } }),
    'patch releaseconfigs.apiextensions.transwarp.io shop/web answered 200',
  ],
  [
    'a mark and more',
    event('patch', { ...CONFIGS, request: { ...mark, spec: {} } }),
    'patch releaseconfigs.apiextensions.transwarp.io shop/web answered 200',
  ],
  [
    'a patch that was not noted',
    event('patch', CONFIGS),
    'patch releaseconfigs.apiextensions.transwarp.io shop/web answered 200',
  ],
  [
    'a patch that is a list',
    event('patch', { ...CONFIGS, request: [mark] }),
    'patch releaseconfigs.apiextensions.transwarp.io shop/web answered 200',
  ],
  ['reading a Secret', event('get', { name: 'precious' }), 'get secrets shop/precious answered 200'],
  ['listing all Secrets', event('list'), 'list secrets shop/ answered 200'],
  [
    'listing what is not a record',
    event('list', listed('labelSelector=owner%21%3Dhelm')),
    'list secrets /?labelSelector=owner!=helm answered 200',
  ],
  [
    'looking at another one',
    event('list', listed('fieldSelector=metadata.name%3Dprecious')),
    'list secrets /?fieldSelector=metadata.name=precious answered 200',
  ],
  [
    'listing some of them',
    event('list', listed('labelSelector=a%3Db')),
    'list secrets /?labelSelector=a=b answered 200',
  ],
])('%s is not', (_, deed, words) => {
  expect(wrongDeeds([deed, deed], own)).toEqual([words]);
  expect(wrongDeeds([deed], own, [{ because: 'it is known', is: () => true }])).toEqual([]);
});
