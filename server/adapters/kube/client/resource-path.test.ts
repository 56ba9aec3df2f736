import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseApiVersion } from '../../../domain/kube/kube-object.ts';
import { discoverResource } from './discover-resource.ts';
import type { KubeApi } from './kube-api.ts';
import { hasStatus } from './kube-api-error.ts';
import { type ResourceType, resourcePath } from './resource-path.ts';

const PODS: ResourceType = { group: '', version: 'v1', plural: 'pods' };

test.each<[ResourceType, string | undefined, string | undefined, string | undefined, string]>([
  [{ ...PODS, plural: 'nodes' }, undefined, undefined, undefined, '/api/v1/nodes'],
  [PODS, 'a', 'b', 'log', '/api/v1/namespaces/a/pods/b/log'],
  [
    { group: 'apps', version: 'v1', plural: 'deployments' },
    'a',
    undefined,
    undefined,
    '/apis/apps/v1/namespaces/a/deployments',
  ],
  [PODS, 'a', 'system:x y', undefined, '/api/v1/namespaces/a/pods/system%3Ax%20y'],
])('the path of %j is in its place', (type, namespace, name, subresource, path) => {
  expect(resourcePath(type, namespace, name, subresource)).toBe(path);
});

/** What leads elsewhere in a URL, alone and within other texts. */
const odd = fc.oneof(
  fc.constantFrom(
    '..',
    '.',
    '',
    '/',
    '%2e%2e',
    '%2F',
    '\\',
    '?a=',
    '#',
    ';',
    'v1/../..',
    'v1/namespaces/b/secrets/c?',
    '\n',
    ' ',
  ),
  fc.string(),
  fc.stringMatching(/^[a-z]{1,4}$/),
);
const text = fc.array(odd, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));

/** Null if nothing has such a name; every other error is thrown. */
function pathOrNull(...place: Parameters<typeof resourcePath>): string | null {
  try {
    return resourcePath(...place);
  } catch (error) {
    if (hasStatus(error, 404)) return null;
    throw error;
  }
}

/** Whether the API server sees exactly these segments: it decodes them after the URL was put together. */
function hasSegments(path: string, segments: readonly string[]): boolean {
  const { pathname, search, hash } = new URL(path, 'https://cluster');
  return `${pathname}${search}${hash}` === path && decodeURIComponent(pathname) === `/${segments.join('/')}`;
}

test('whatever one of the texts is, it stays in its place of the URL, or nothing has such a name', () => {
  const found = { paths: 0, none: 0 };
  fc.assert(
    fc.property(text, fc.nat(4), (strange, at) => {
      const texts = ['apps', 'v1', 'deployments', 'demo', 'web'].with(at, strange);
      const [group = '', version = '', plural = '', namespace, name] = texts;
      const path = pathOrNull({ group, version, plural }, namespace, name);
      found[path === null ? 'none' : 'paths'] += 1;
      const root = group === '' ? ['api'] : ['apis', group];
      return path === null || hasSegments(path, [...root, version, 'namespaces', namespace ?? '', plural, name ?? '']);
    }),
    { numRuns: 2_000 },
  );
  expect(Math.min(found.paths, found.none)).toBeGreaterThan(100);
});

test.each([
  'apps/v1/../../../api/v1/namespaces/other/secrets/key?x=',
  'apps/v1/namespaces/other/deployments',
  'x.io/../../api/v1/namespaces/other/services/evil:80/proxy/x?',
  '../api/v1/nodes/one/proxy/pods?x=',
  'v1?x=',
  '%2e%2e/%2e%2e',
  '..',
  '',
])('a kind of the apiVersion %j is not served, and at most its group is asked', async (apiVersion) => {
  const asked: string[] = [];
  const get = (path: string) => Promise.resolve({ seen: asked.push(path) });
  const kube = { get } as unknown as KubeApi;
  expect(await discoverResource(kube, apiVersion, 'Deployment')).toBeUndefined();
  const { group, version } = parseApiVersion(apiVersion);
  expect(() => resourcePath({ group, version, plural: 'deployments' }, 'demo', 'web')).toThrow(/no API/);
  expect(['/apis/apps', '/apis/x.io']).toEqual(expect.arrayContaining(asked));
});
