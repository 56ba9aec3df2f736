import type { Authorization } from '../../../server/services/access/authorization.ts';

/** Allows every caller everything, for tests about something else. */
export const everythingAllowed: Authorization = {
  demand: () => Promise.resolve(),
  demandEither: () => Promise.resolve(),
  demandSome: () => Promise.resolve(),
  demandRelease: () => Promise.resolve(),
  demandTask: () => Promise.resolve(),
  may: () => Promise.resolve(true),
  visibleTo: () => null,
  contentOf: () => null,
};
