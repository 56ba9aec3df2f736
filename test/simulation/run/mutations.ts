import type { Mutation } from '../simulated-server.ts';

/** Defects of earlier versions, and broken rules: a run must find each of them. */
export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'a record is written whatever stands there': { overwrites: true },
  'a revision that was cut off says first that it failed': { blamesChange: true },
  'a replica that led once believes that it still leads': {
    cluster(cluster) {
      const { leadership } = cluster;
      let last = leadership.term();
      leadership.onRenewed((term) => (last = term));
      const term = () => leadership.term() ?? (last && { ...last, untilMs: Number.MAX_SAFE_INTEGER });
      return { ...cluster, leadership: { ...leadership, term, isLeader: () => term() !== null } };
    },
  },
};
