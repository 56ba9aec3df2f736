import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ReleaseRequest } from '../../../contract/schemas/release-request.ts';
import { NEW_RELEASE, toEffectiveRequest } from './release-request.ts';

const web = { name: 'web' };
const effective = (request: ReleaseRequest, recorded?: Parameters<typeof toEffectiveRequest>[2]) =>
  toEffectiveRequest({ ...web, ...request }, 'shop', recorded);

describe('toEffectiveRequest', () => {
  test('a new release has what the request says, and nothing where it says nothing', () => {
    expect(effective({})).toEqual({ ...NEW_RELEASE, name: 'web' });
  });

  test("the document's upgrade example: labels, dependencies and plugins are merged, and removed by their own marks", () => {
    const recorded = {
      ...NEW_RELEASE,
      configValues: { a: { b: 1, c: [1, 2] } },
      releaseLabels: {
        'app.kubernetes.io/name': 'zookeeper',
        'app.kubernetes.io/version': '6.1.0',
        'app.kubernetes.io/managed-by': 'walm',
      },
      plugins: [
        { name: 'nodeAffinity', args: '', version: '1', disable: false },
        { name: 'guardian', args: '', version: '1', disable: false },
      ],
      dependencies: { search: 'namespace1/search', zookeeper: 'namespace/zookeeper' },
    };
    const request: ReleaseRequest = {
      configValues: { a: { c: [3], d: null } },
      releaseLabels: { 'app.kubernetes.io/version': '6.2.0', 'app.kubernetes.io/managed-by': '' },
      plugins: [
        { name: 'Guardian', args: '', version: '1', disable: true },
        { name: 'ingress', args: { host: 'x' }, version: '1' },
      ],
      dependencies: { search: 'namespace2/search' },
    };
    expect(effective(request, recorded)).toMatchObject({
      configValues: { a: { b: 1, c: [3], d: null } },
      releaseLabels: { 'app.kubernetes.io/name': 'zookeeper', 'app.kubernetes.io/version': '6.2.0' },
      removedLabels: ['app.kubernetes.io/managed-by'],
      plugins: [
        { name: 'nodeAffinity', args: '', version: '1', disable: false },
        { name: 'ingress', args: '{"host":"x"}', version: '1', disable: false },
      ],
      dependencies: { search: 'namespace2/search', zookeeper: 'namespace/zookeeper' },
    });
  });

  test('a removed label is one that the chart may not bring back, until a request sets it again', () => {
    const removed = effective({ releaseLabels: { tier: '', team: 'a' } });
    expect(removed).toMatchObject({ releaseLabels: { team: 'a' }, removedLabels: ['tier'] });
    expect(effective({ releaseLabels: { team: '' } }, removed).removedLabels).toEqual(['team', 'tier']);
    expect(effective({ releaseLabels: { tier: 'b' } }, removed)).toMatchObject({
      releaseLabels: { team: 'a', tier: 'b' },
      removedLabels: [],
    });
  });

  test.each<[string, ReleaseRequest, string, string]>([
    ['no name', { name: '' }, 'RELEASE_NAME_INVALID', 'release name can not be empty'],
    ['a long name', { name: 'a'.repeat(54) }, 'RELEASE_NAME_INVALID', 'exceeds max length of 53'],
    ['upper case', { name: 'Bad_Name' }, 'RELEASE_NAME_INVALID', 'lower case'],
    ['a dot at the end', { name: 'web.' }, 'RELEASE_NAME_INVALID', 'lower case'],
    ['a reserved label', { releaseLabels: { 'Project-Name': 'p' } }, 'LABEL_INVALID', 'reserved'],
    ['a label key with two slashes', { releaseLabels: { 'a/b/c': 'x' } }, 'LABEL_INVALID', 'label key'],
    ['a label value with a space', { releaseLabels: { a: 'b c' } }, 'LABEL_INVALID', 'valid value'],
    ['a label value too long', { releaseLabels: { a: 'b'.repeat(64) } }, 'LABEL_INVALID', 'valid value'],
    [
      'too many slashes',
      { dependencies: { zk: 'a/b/c' } },
      'DEPENDENCY_INVALID',
      'depended release a/b/c is not valid: only 1 or 0 "/" is allowed',
    ],
    ['a dependency without a name', { dependencies: { zk: 'a/' } }, 'DEPENDENCY_INVALID', 'a name is missing'],
    [
      'a plugin twice',
      { plugins: [{ name: 'LabelPod' }, { name: 'labelpod' }] },
      'REQUEST_INVALID',
      'more than one plugin labelpod is not allowed',
    ],
    [
      'plugin arguments that are not JSON',
      { plugins: [{ name: 'LabelPod', args: '{bad' }] },
      'REQUEST_INVALID',
      'args of plugin LabelPod',
    ],
  ])('refuses %s', (_, request, code, message) => {
    expect(() => effective(request)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  test('a request sent twice comes to the same as once, and what was added can be removed', () => {
    const key = fc.stringMatching(/^[a-z]{1,5}$/);
    const maps = fc.dictionary(key, fc.stringMatching(/^[a-z]{0,5}$/));
    fc.assert(
      fc.property(maps, maps, (before, added) => {
        const recorded = effective({ releaseLabels: before, dependencies: before });
        const once = effective({ releaseLabels: added, dependencies: added }, recorded);
        expect(effective({ releaseLabels: added, dependencies: added }, once)).toEqual(once);
        const fresh = Object.fromEntries(Object.keys(added).map((name) => [name, '']));
        const removed = effective({ releaseLabels: fresh }, once).releaseLabels;
        const kept = Object.entries(recorded.releaseLabels).filter(([name]) => !Object.hasOwn(added, name));
        expect(removed).toEqual(Object.fromEntries(kept));
      }),
    );
  });
});
