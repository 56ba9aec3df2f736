import { expect, test } from 'vitest';

import { type Access, RELEASES } from '../../contract/schemas/access.ts';
import { type OperationId, operations } from '../../contract/operations/operations.ts';
import { accessTable, identities } from './access-table.ts';

test('every operation has a row, and every row an outcome for every identity', () => {
  expect(Object.keys(accessTable).toSorted()).toEqual(Object.keys(operations).toSorted());
  for (const { outcomes } of Object.values(accessTable)) {
    expect(Object.keys(outcomes)).toEqual(Object.keys(identities));
  }
});

test.each(Object.keys(operations) as OperationId[])('the row of %s is what the contract says', (id) => {
  const access: Access = operations[id].access;
  const { nobody, stranger, powerless, admin, viewer } = accessTable[id].outcomes;
  const isOpen = access.kind === 'open';
  expect([nobody, stranger]).toEqual(isOpen ? ['answered', 'answered'] : ['unauthenticated', 'unauthenticated']);
  expect(admin).toBe('answered');
  const ofPowerless = {
    open: 'answered',
    token: 'answered',
    visible: 'filtered',
    'named-place': 'answered',
    rights: 'forbidden',
    'create-or-update': 'forbidden',
    task: 'forbidden',
  };
  expect(powerless).toBe(ofPowerless[access.kind]);
  const verbs = access.kind === 'rights' ? access.rights : access.kind === 'task' ? [access.right] : [];
  const changes = access.kind === 'create-or-update' || verbs.some(({ verb }) => !['get', 'list'].includes(verb));
  // `walm-view` is about releases only.
  const others = verbs.some(({ group, resource }) => group !== RELEASES.group || resource !== RELEASES.resource);
  expect(viewer === 'forbidden').toBe(changes || others);
});
