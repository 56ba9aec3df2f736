import { describe, expect, test } from 'vitest';
import { parseChartAddress } from '../../domain/charts/chart-address.ts';
import type { SourceCredential, SourceCredentials } from './source-credentials.ts';

function credentialOf(url: string, username: string): SourceCredential {
  const address = parseChartAddress(url);
  if (address === null) {
    throw new Error(`not an address: ${url}`);
  }
  return { address, access: { username, password: 'pw' } };
}

/** The contract of every store of credentials. `open` stores the given credentials in a namespace of its own. */
export function describeSourceCredentials(
  name: string,
  open: (kept: readonly SourceCredential[]) => Promise<{ credentials: SourceCredentials; namespace: string }>,
): void {
  describe(`source credentials: ${name}`, () => {
    test("lists a namespace's credentials, and no others", async () => {
      const kept = [credentialOf('https://host/charts', 'me'), credentialOf('oci+http://127.0.0.1:5000', 'you')];
      const { credentials, namespace } = await open(kept);
      const found = await credentials.list(namespace);
      expect(found.toSorted((a, b) => a.address.prefix.localeCompare(b.address.prefix))).toEqual(kept);
      expect(await credentials.list('another-namespace')).toEqual([]);
    });
  });
}
