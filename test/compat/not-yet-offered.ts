/** Captures of routes that Walm does not have yet. When Walm implements one, move its captures to the scenario. */
const BY_SUBJECT = {
  'changes of tenants': ['004', '200', '203', '205'],
  'changes of nodes': ['169', '170'],
  'changes of secrets': ['172', '175', '176', '178', '179'],
  'changes of claims': ['185', '187'],
  'restarts of pods': ['196', '197'],
  'the server itself': ['214', '215'],
};

/** Subject and number of each of them. */
export const NOT_YET_OFFERED = Object.entries(BY_SUBJECT).flatMap(([subject, captures]) =>
  captures.map((capture) => ({ subject, capture })),
);
