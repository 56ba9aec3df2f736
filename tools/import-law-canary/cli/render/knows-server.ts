import type { listThings } from '../../server/services/system/lists-things.ts';

export type Known = typeof listThings;
