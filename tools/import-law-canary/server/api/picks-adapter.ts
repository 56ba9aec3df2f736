import type { watches } from '../adapters/kube/watches.ts';

export type Picked = typeof watches;
