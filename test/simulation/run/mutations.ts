import type { Mutation } from './mutation.ts';

/** Faults of earlier versions, and rules without which there would be others: one for each mechanism. */
export const MUTATIONS: readonly Mutation[] = [
  {
    fault: 'a record is written whatever stands there',
    patch: {
      file: 'test/simulation/record-secrets.ts',
      from: 'const metadata = { ...secret.metadata, resourceVersion, uid };',
      to: 'const { metadata } = secret; void resourceVersion; void uid;',
    },
    seed: 0,
  },
];
