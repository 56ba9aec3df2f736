import { expect, test } from 'vitest';

import type { Warning } from '../../../contract/schemas/warning.ts';
import type { HelmHook } from '../../ports/helm/helm-release.ts';
import { differObjects } from '../history/object-difference.ts';
import { objectDrift } from '../history/object-drift.ts';
import { maskReference } from './mask-reference.ts';
import { createMasker, NO_SECRETS } from './masker.ts';
import { maskWarnings } from '../release/revision-secrets.ts';
import { maskFields } from './shown-release.ts';

const SECRET = 'hunter2/secret';
const masker = createMasker([{ text: SECRET }]);
const named = { apiVersion: `v1${SECRET}`, kind: SECRET, namespace: SECRET, name: `x-${SECRET}` };
const object = { ...named, object: { [SECRET]: { [`a${SECRET}`]: SECRET } } };
const warning: Warning = {
  code: 'FIELD_REMOVED',
  message: SECRET,
  object: named,
  path: `/spec/${SECRET.replace('/', '~1')}`,
};

test.each([
  ['a reference', maskReference(named, masker)],
  ['a hook', maskReference<Pick<HelmHook, 'kind' | 'name'>>({ kind: SECRET, name: SECRET }, masker)],
  ['warnings', maskWarnings([warning], masker)],
  ['differences', differObjects([], [object], masker)],
  ['changes', differObjects([object], [{ ...object, object: { [SECRET]: 1 } }], masker)],
  ['removed objects', differObjects([object], [], masker)],
  ['drift', objectDrift({ ...object, live: {}, applied: object.object, outcome: 'compared', message: SECRET }, masker)],
  [
    'what was asked for',
    maskFields(
      {
        labels: { [SECRET]: SECRET },
        outputs: { [SECRET]: `values:${SECRET}` },
        plugins: [{ name: 'LabelPod', args: JSON.stringify({ labelsToAdd: { a: SECRET } }), version: '' }],
      },
      masker,
    ),
  ],
])('%s show no secret, whichever field it is in', (_, shown) => {
  const text = JSON.stringify(shown);
  expect(text).toContain('***');
  expect(text).not.toMatch(/hunter2/);
});

test('what holds no secret stays as it is', () => {
  expect(maskReference(named, NO_SECRETS)).toBe(named);
  expect(maskWarnings([{ code: 'X', message: 'm' }], masker)).toEqual([{ code: 'X', message: 'm' }]);
  expect(maskReference({ kind: 'Pod', name: 'web', weight: 3 }, masker)).toEqual({
    kind: 'Pod',
    name: 'web',
    weight: 3,
  });
});
