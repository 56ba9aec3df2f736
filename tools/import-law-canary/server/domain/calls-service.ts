import { listThings } from '../services/lists-things.ts';

export const things = listThings();
