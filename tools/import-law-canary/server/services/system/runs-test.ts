import { suite } from '../../ports/runtime/clock.conformance.ts';

export const name = suite;
