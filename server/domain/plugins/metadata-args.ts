import { metadataKeyFault } from '../patchable/metadata-keys.ts';
import { refused } from './plugin.ts';

/** @throws ProblemError PLUGIN_REFUSED for labels or annotations that callers may not set */
export function checkMetadataKeys(
  plugin: string,
  entries: Readonly<Record<string, string>>,
  metadataDomains: readonly string[],
): void {
  for (const [key, value] of Object.entries(entries)) {
    const fault = metadataKeyFault(key, value, metadataDomains);
    if (fault !== null) {
      throw refused(plugin, `the key ${key} ${fault}`);
    }
  }
}
