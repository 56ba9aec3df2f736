import type { DescribedRelease } from './release-info.ts';

/** A release without its large fields: `view=summary` of lists. */
export function summarizeRelease<Info extends DescribedRelease>(info: Info): Info {
  const { configMapOutputs: _, ...rest } = info;
  return {
    ...(rest as Info),
    configValues: null,
    computedValues: null,
    dependenciesConfigValues: null,
    outputConfigValues: null,
    metaInfoValues: null,
    releaseStatus: null,
    notes: '',
  };
}
