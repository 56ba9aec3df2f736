import { beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../../../test/harness/eventually.ts';
import type { SecretChanges } from './secret-changes.ts';

/** Secret changes under test, with verbs of the owner of the Secrets; `write` creates or changes one. */
export type OpenSecretChanges = {
  changes: SecretChanges;
  namespace: string;
  write: (name: string) => Promise<void>;
  remove: (name: string) => Promise<void>;
};

/** The contract of every adapter of the port. */
export function secretChangesConformance(name: string, open: () => Promise<OpenSecretChanges>): void {
  describe(`changes of Secrets by ${name}`, () => {
    let stage: OpenSecretChanges;
    let notified: Set<string>;

    beforeEach(async () => {
      stage = await open();
      notified = new Set();
      stage.changes.subscribe((namespace, secret) => notified.add(`${namespace}/${secret}`));
    });

    const untilNotified = (secret: string) =>
      eventually(() => expect(notified).toContain(`${stage.namespace}/${secret}`), { everyMs: 10 });
    const follow = (follower: string, ...secrets: string[]) =>
      stage.changes.follow(
        follower,
        secrets.map((secret) => `${stage.namespace}/${secret}`),
      );

    test('tell of one that is made, changed and removed, also when it was there before it was followed', async () => {
      await stage.write('early');
      follow('web', 'early', 'late');
      for (const act of [stage.write, stage.write, stage.remove]) {
        for (const secret of ['early', 'late']) {
          notified.clear();
          await act(secret);
          await untilNotified(secret);
          expect(notified).toContain(`${stage.namespace}/${secret}`);
        }
      }
    });

    test('tell of what is followed now, by anybody, and of no other', async () => {
      follow('web', 'own', 'shared');
      follow('api', 'shared');
      follow('web', 'next');
      for (const secret of ['own', 'unknown', 'shared', 'next']) {
        await stage.write(secret);
      }
      await untilNotified('next');
      await untilNotified('shared');
      expect([...notified].toSorted()).toEqual([`${stage.namespace}/next`, `${stage.namespace}/shared`]);
      follow('web');
      follow('api');
      follow('last', 'last');
      notified.clear();
      for (const secret of ['shared', 'next', 'last']) {
        await stage.write(secret);
      }
      await untilNotified('last');
      expect(notified.size).toBe(1);
    });
  });
}
