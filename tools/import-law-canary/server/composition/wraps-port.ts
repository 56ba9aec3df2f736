import { wrapVerbs } from './wrappers/wrap-verbs.ts';

export const ports = wrapVerbs({});
