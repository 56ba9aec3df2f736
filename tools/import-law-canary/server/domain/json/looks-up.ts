import { record } from '../release/record.ts';

export const looked = record;
