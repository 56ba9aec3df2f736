import type { Adapters } from './adapters/adapters.ts';
import type { AroundWrites } from './wrappers/writes.ts';

/** What a test puts in the place of adapters, and around what the server writes; what it does not name is the product's. */
export interface Overrides extends Partial<Adapters> {
  readonly writes?: AroundWrites;
}
