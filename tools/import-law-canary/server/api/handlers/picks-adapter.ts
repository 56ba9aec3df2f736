import type { watches } from '../../adapters/kube/watch/watches.ts';

export type Picked = typeof watches;
