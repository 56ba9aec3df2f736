import { listThings } from '../../services/system/lists-things.ts';

export const things = listThings();
