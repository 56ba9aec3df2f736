import type { SealFacts } from './record-seal.ts';

/**
 * The facts by which a recorded revision's seal was judged: its place, a digest of each part, and the text of the seal.
 * Automatic changes carry those of the revisions that they are based on, so that they use exactly these.
 */
export type JudgedRevision = SealFacts & { text: string };
