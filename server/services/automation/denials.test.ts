import { expect, test } from 'vitest';
import { createDenials } from './denials.ts';

test('a release is denied something until each of its denials is lifted', () => {
  const denials = createDenials();
  const denial = { reason: 'ann may not' };
  denials.set('shop/web', 'dependencies', denial);
  denials.set('shop/web', 'onFailure', denial);
  denials.set('shop/db', 'onFailure', null);
  expect([denials.count(), denials.of('shop/db')]).toEqual([1, []]);
  denials.set('shop/web', 'onFailure', null);
  expect(denials.of('shop/web')).toEqual([{ what: 'dependencies', denial }]);
  denials.set('shop/web', 'dependencies', null);
  expect([denials.count(), denials.of('shop/web')]).toEqual([0, []]);
});
