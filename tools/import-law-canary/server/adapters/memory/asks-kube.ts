import { watches } from '../kube/watches.ts';

export const asked = watches;
