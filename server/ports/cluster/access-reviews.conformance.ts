import { describe, expect, test } from 'vitest';
import { eventually } from '../../../test/harness/eventually.ts';
import { RELEASES, type Verb } from '../../../contract/schemas/access.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { questionOf } from '../../domain/access/access-question.ts';
import { accountOf } from '../../domain/access/recorded-identity.ts';
import type { AccessReviews } from './access-reviews.ts';

/** A cluster with one user who may get and list the releases of one namespace, and create new ones there. */
export interface AccessStage {
  readonly reviews: AccessReviews;
  /** A valid token of the user. */
  readonly token: string;
  readonly caller: Caller;
  readonly namespace: string;
}

/** The contract of every adapter of the port. */
export function accessReviewsConformance(name: string, open: () => Promise<AccessStage>): void {
  const may = ({ reviews, caller, namespace }: AccessStage, verb: Verb, where = namespace) =>
    reviews.allows(caller, questionOf({ verb, ...RELEASES }, where, 'web'));

  describe(`access reviews by ${name}`, () => {
    test('tell whose a token is', async () => {
      const { reviews, token, caller } = await open();
      const found = await reviews.identify(token);
      expect(found?.user).toBe(caller.user);
      expect(found?.groups).toEqual(expect.arrayContaining([...caller.groups]));
    });

    test.each(['nonsense', 'a.b.c', 'ünïcode', '{"user":"ann"}'])('know nobody by the token %j', async (token) => {
      const { reviews } = await open();
      expect(await reviews.identify(token)).toBeNull();
    });

    test('allow what the user may, where they may', async () => {
      const stage = await open();
      // The authorizer of the cluster sees new roles a moment later.
      await eventually(async () => expect(await may(stage, 'get')).toBe(true));
      expect(await may(stage, 'create')).toBe(true);
      expect(await may(stage, 'delete')).toBe(false);
      expect(await may(stage, 'get', 'elsewhere')).toBe(false);
      expect(await may(stage, 'list')).toBe(true);
      expect(await may(stage, 'list', '')).toBe(false);
    });

    test('tell whether there is anything that the user may', async () => {
      const { reviews, caller, namespace } = await open();
      const some = (verb: Verb, where = namespace) =>
        reviews.allowsSome(caller, questionOf({ verb, ...RELEASES }, where));
      await eventually(async () => expect(await some('get')).toBe(true));
      expect(await some('delete')).toBe(false);
      expect(await some('get', 'elsewhere')).toBe(false);
    });

    test('tell which service account is there', async () => {
      const { reviews, token, caller } = await open();
      const account = accountOf(caller);
      const known = await reviews.identify(token);
      expect(account && (await reviews.accountUid(account))).toBe(known?.uid);
      expect(account && (await reviews.accountUid({ ...account, name: 'nobody' }))).toBeNull();
    });

    test('allow the user nothing on other resources', async () => {
      const { reviews, caller, namespace } = await open();
      const secrets = questionOf({ verb: 'list', group: '', resource: 'secrets' }, namespace);
      expect(await reviews.allows(caller, secrets)).toBe(false);
    });
  });
}
