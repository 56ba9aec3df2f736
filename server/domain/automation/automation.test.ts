import { expect, test } from 'vitest';
import { person } from '../../../test/harness/fakes/person.ts';
import type { SealState } from '../seals/seal-state.ts';
import { type AutomationRules, automationOf } from './automation.ts';

const at = '2026-01-01T00:00:00Z';
const now = Date.parse(at) + 10_000;
const rules: AutomationRules = { mode: 'on', asksWhoCalls: true, serviceAccount: '', identityMaxAgeMs: 0 };
const ann = { ...person('ann', ['dev']), extra: { scopes: ['read'] } };
const revision = (seal: SealState) => ({ namespace: 'demo', revision: 3, seal });
const sealed = revision({ sealed: true, by: ann, at, operation: 'install' });

test('Walm acts as who made the revision, with everything that limits them', () => {
  expect(automationOf(sealed, rules, now)).toEqual({ may: true, as: ann, since: at });
});

test('groups above the rules of the cluster are left out, whatever a seal says', () => {
  const by = person('root', ['system:masters', 'dev']);
  const root = revision({ sealed: true, by, at, operation: 'install' });
  expect(automationOf(root, rules, now)).toMatchObject({ as: { user: 'root', groups: ['dev'] } });
});

test('a service account of the namespace acts instead where one is configured', () => {
  expect(automationOf(sealed, { ...rules, serviceAccount: 'bot' }, now)).toMatchObject({
    as: { user: 'system:serviceaccount:demo:bot', groups: expect.arrayContaining(['system:serviceaccounts:demo']) },
  });
});

test('without authentication Walm acts as itself', () => {
  expect(automationOf(sealed, { ...rules, asksWhoCalls: false }, now)).toEqual({ may: true, as: null, since: at });
});

test.each<[string, SealState, Partial<AutomationRules>]>([
  ['is off', sealed.seal, { mode: 'off' }],
  ['is not sealed: no seal', { sealed: false, reason: 'no seal' }, {}],
  // Automatic changes need sealed content, even with Walm's own identity.
  ['is not sealed: no seal', { sealed: false, reason: 'no seal' }, { asksWhoCalls: false }],
  ['before callers were known', { sealed: true, by: null, at, operation: 'install' }, {}],
  ['longer ago', sealed.seal, { identityMaxAgeMs: 9_999 }],
  ['longer ago', { sealed: true, by: ann, at: 'no time', operation: 'install' }, { identityMaxAgeMs: 1e9 }],
  ['longer ago', sealed.seal, { identityMaxAgeMs: 9_999, serviceAccount: 'bot' }],
])('it does nothing by itself, because … %s', (reason, seal, changed) => {
  const automation = automationOf(revision(seal), { ...rules, ...changed }, now);
  expect(automation).toMatchObject({ may: false, reason: expect.stringContaining(reason) });
});
