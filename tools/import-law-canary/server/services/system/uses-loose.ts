import { alone } from '../../domain/lies-alone.ts';

export const used = alone;
