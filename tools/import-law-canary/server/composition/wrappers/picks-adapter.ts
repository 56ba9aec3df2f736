import { watches } from '../../adapters/kube/watch/watches.ts';

export const picked = watches;
