import { expect, test } from 'vitest';
import { person } from '../../../test/harness/fakes/person.ts';
import { actingIdentity, serviceAccountIdentity, toRecordedIdentity } from './recorded-identity.ts';

test('groups above the rules of the cluster are not recorded', () => {
  const groups = [
    'dev',
    'system:masters',
    'system:nodes',
    'system:authenticated',
    'system:serviceaccounts:x',
    'system:',
  ];
  const kept = ['dev', 'system:authenticated', 'system:serviceaccounts:x'];
  expect(toRecordedIdentity(person('ann', groups)).groups).toEqual(kept);
  expect(actingIdentity(person('ann', groups)).groups).toEqual(kept);
});

test("a service account's groups follow from its name, whatever was recorded", () => {
  const account = serviceAccountIdentity('demo', 'bot');
  expect(account.user).toBe('system:serviceaccount:demo:bot');
  expect(toRecordedIdentity(account).groups).toEqual([]);
  const recorded = { ...account, groups: ['system:serviceaccounts:kube-system', 'admins'] };
  expect(actingIdentity(recorded)).toEqual(account);
  expect(actingIdentity(toRecordedIdentity(account))).toEqual(account);
});

test('uid and extra stay: they may limit what the identity may', () => {
  const limited = { ...person('ann'), uid: 'u', extra: { scopes: ['read'] } };
  expect(actingIdentity(toRecordedIdentity(limited))).toEqual(limited);
});
