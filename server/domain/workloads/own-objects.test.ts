import { expect, test } from 'vitest';
import { kubeObject, picture } from '../../../test/harness/clients/kube-objects.ts';
import { isOwnObject, ownCounts } from './own-objects.ts';

const web = { namespace: 'demo', name: 'web' };
const claimed = (name: string, namespace: string) => ({
  annotations: { 'meta.helm.sh/release-name': name, 'meta.helm.sh/release-namespace': namespace },
});

test.each([
  ['is not claimed, in its namespace', { namespace: 'demo' }, true],
  ['it claims, in its namespace', { namespace: 'demo', ...claimed('web', 'demo') }, true],
  ['it claims elsewhere', { namespace: 'other', ...claimed('web', 'demo') }, true],
  ['is not claimed, elsewhere', { namespace: 'other' }, false],
  ['a release of its name claims elsewhere', { namespace: 'other', ...claimed('web', 'other') }, false],
  ['another release claims in its namespace', { namespace: 'demo', ...claimed('db', 'demo') }, false],
  ['is claimed by half', { namespace: 'demo', annotations: { 'meta.helm.sh/release-name': 'web' } }, false],
])('what %s', (_what, metadata, expected) => {
  expect(isOwnObject(web, kubeObject('apps/v1', 'Deployment', 'any', {}, metadata))).toBe(expected);
});

test('replicas are given to own workloads that are there, by the name under which they live', () => {
  const view = picture(
    kubeObject('apps/v1', 'Deployment', 'mine', {}),
    kubeObject('apps/v1', 'Deployment', 'theirs', {}, { namespace: 'other' }),
  );
  const count = (name: string, namespace = 'demo', apiVersion = 'apps/v1') => ({
    apiVersion,
    kind: 'Deployment',
    namespace,
    name,
    replicas: 3,
  });
  const remembered = [count('mine', 'demo', 'apps/v9'), count('theirs', 'other'), count('gone')];
  expect(ownCounts(web, view, remembered)).toEqual([count('mine')]);
});
