import type { ReleaseInfo } from '../../../contract/schemas/release.ts';

/** A release without its large fields: `view=summary` of lists. */
export function summarizeRelease(info: ReleaseInfo): ReleaseInfo {
  return {
    ...info,
    configValues: null,
    computedValues: null,
    dependenciesConfigValues: null,
    outputConfigValues: null,
    metaInfoValues: null,
    releaseStatus: null,
    notes: '',
  };
}
