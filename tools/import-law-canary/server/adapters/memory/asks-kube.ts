import { watches } from '../kube/watch/watches.ts';

export const asked = watches;
