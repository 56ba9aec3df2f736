import type { DescribedRelease } from './release-info.ts';

/** A release without its large fields: `view=summary` of lists. */
export function summarizeRelease<Info extends DescribedRelease>(info: Info): Info {
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
