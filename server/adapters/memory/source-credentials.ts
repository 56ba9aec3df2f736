import type { SourceCredential, SourceCredentials } from '../../ports/helm/source-credentials.ts';

/** Credentials of namespaces as a test gives them. */
export function createMemorySourceCredentials(
  kept: Readonly<Record<string, readonly SourceCredential[]>> = {},
): SourceCredentials {
  return { list: (namespace) => Promise.resolve(kept[namespace] ?? []) };
}
