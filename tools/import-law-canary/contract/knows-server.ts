import type { listThings } from '../server/services/lists-things.ts';

export type Known = typeof listThings;
