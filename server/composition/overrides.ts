import type { Adapters } from './adapters/adapters.ts';
import type { AroundWrites } from './wrappers/writes.ts';

/** What a test replaces: adapters, and a wrapper around all writes; everything else is the product's. */
export interface Overrides extends Partial<Adapters> {
  readonly writes?: AroundWrites;
}
