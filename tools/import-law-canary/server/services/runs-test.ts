import { suite } from '../ports/clock.conformance.ts';

export const name = suite;
