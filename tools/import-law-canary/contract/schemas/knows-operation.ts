import { lists } from '../operations/lists.ts';

export const known = lists;
