import { describe, expect, test } from 'vitest';
import { eventually } from '../../../test/harness/eventually.ts';
import type { ExistingClaim } from '../../domain/release/release-claims.ts';
import type { Claims } from './claims.ts';

/** Claims under test; `open` creates the given claims in a namespace of its own. */
export type ClaimsUnderTest = { claims: Claims; namespace: string };

/** A cluster removes a claim a moment after it was deleted. */
const OFTEN = { everyMs: 20 };
const DATA = { name: 'data-0', labels: { app: 'zk' }, kept: false };
const LOGS = { name: 'logs-0', labels: {}, kept: true };

/** The contract of every adapter of the port. */
export function claimsConformance(name: string, open: (given: ExistingClaim[]) => Promise<ClaimsUnderTest>): void {
  describe(`claims by ${name}`, () => {
    test('are listed with their labels, and whether they are kept', async () => {
      const { claims, namespace } = await open([DATA, LOGS]);
      const listed = await claims.list(namespace, null);
      expect(listed.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual([DATA, LOGS]);
      expect(await claims.list('another-namespace', null)).toEqual([]);
    });

    test('are removed one by one, and one that is gone is not missed', async () => {
      const { claims, namespace } = await open([DATA, LOGS]);
      await claims.remove(namespace, 'data-0', null);
      await eventually(async () => expect(await claims.list(namespace, null)).toEqual([LOGS]), OFTEN);
      await expect(claims.remove(namespace, 'data-0', null)).resolves.toBeUndefined();
      await expect(claims.remove('another-namespace', 'data-0', null)).resolves.toBeUndefined();
    });
  });
}
