import { expect, test } from 'vitest';
import { person } from '../../../test/harness/fakes/person.ts';
import { shareOf, sharerOf } from './sharer.ts';

test('users have a share each, and the service accounts of a namespace one together', () => {
  expect(sharerOf(person('ann'), 'shop')).toEqual({ user: 'ann', namespace: 'shop' });
  expect(sharerOf(null)).toEqual({ user: '', namespace: '' });
  const [one, two, other] = ['shop:a', 'shop:b', 'bar:a'].map((name) =>
    sharerOf(person(`system:serviceaccount:${name}`)),
  );
  expect(one).toEqual(two);
  expect(one).not.toEqual(other);
});

test.each([
  [null, ''],
  [{ user: 'ann' }, 'ann'],
  [{ user: 'system:serviceaccount:shop:one' }, 'system:serviceaccounts:shop'],
  // No name of a service account.
  [{ user: 'system:serviceaccount:shop' }, 'system:serviceaccount:shop'],
])('%j uses the budgets of %j', (caller, share) => {
  expect(shareOf(caller)).toBe(share);
});
