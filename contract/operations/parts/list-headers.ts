/** The headers of lists, and of reads of one thing, that events report about. */
export const eventIdHeader = {
  'Walm-Event-Id':
    'Where the answer stands in the event stream of this replica: events after this id report everything that is not in the answer. Pass it as `Last-Event-ID` to `GET /api/v1/events`.',
};
