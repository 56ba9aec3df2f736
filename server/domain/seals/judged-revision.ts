import type { SealFacts } from './record-seal.ts';

/**
 * A recorded revision as its seal was judged: its place, a digest of each part, and the text of the seal. What Walm does
 * by itself carries those of the revisions that it is based on, so that it acts on exactly these.
 */
export type JudgedRevision = SealFacts & { text: string };
