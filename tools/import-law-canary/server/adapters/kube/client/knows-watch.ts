import { watches } from '../watch/watches.ts';

export const known = watches;
