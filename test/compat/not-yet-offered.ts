/** Captures of routes that Walm does not have yet. When Walm implements one, move its captures to the scenario. */
const BY_SUBJECT = {
  tenants: ['004', '005', '007', '199', '200', '202', '203', '205'],
  nodes: ['166', '167', '169', '170'],
  secrets: ['172', '173', '175', '176', '178', '179', '181'],
  claims: ['182', '184', '185', '187', '212'],
  'storage classes': ['188', '190'],
  pods: ['191', '193', '194', '196', '197'],
  'the server itself': ['214', '215'],
};

/** Subject and number of each of them. */
export const NOT_YET_OFFERED = Object.entries(BY_SUBJECT).flatMap(([subject, captures]) =>
  captures.map((capture) => ({ subject, capture })),
);
