import { expect, test } from 'vitest';
import { RELEASES } from '../../../contract/schemas/access.ts';
import { questionOf, refusalText } from './access-question.ts';
import { person } from '../../../test/harness/fakes/person.ts';

const ann = person('ann');

test('new and listed objects are asked about without a name', () => {
  expect(questionOf({ verb: 'create', ...RELEASES }, 'demo', 'web').name).toBe('');
  expect(questionOf({ verb: 'list', ...RELEASES }, 'demo', 'web').name).toBe('');
  expect(questionOf({ verb: 'update', ...RELEASES }, 'demo', 'web').name).toBe('web');
});

test('a refusal names user, verb, resource, name and namespace', () => {
  const update = questionOf({ verb: 'update', ...RELEASES }, 'demo', 'web');
  expect(refusalText(ann, update)).toBe(
    'user "ann" cannot update releaseconfigs.apiextensions.transwarp.io "web" in the namespace "demo"',
  );
  const create = questionOf({ verb: 'create', group: '', resource: 'namespaces' }, '');
  expect(refusalText(ann, create)).toBe('user "ann" cannot create namespaces at the cluster scope');
});
