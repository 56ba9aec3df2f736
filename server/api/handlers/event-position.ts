/** Knows the event stream of this replica. */
export interface EventPosition {
  /** The id of the latest event in the stream. */
  readonly latestEvent: () => string;
}

/**
 * The header that says where an answer stands in the event stream; to be called before anything is read, so that no
 * change is neither in the answer nor behind the id.
 */
export function eventPosition({ latestEvent }: EventPosition): Record<string, string> {
  return { 'walm-event-id': latestEvent() };
}
