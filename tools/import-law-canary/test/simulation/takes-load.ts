import { load } from '../chaos/load.ts';

export const taken = load;
