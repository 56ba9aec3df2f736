import { createReadStream, statSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** One request to the API server, as it noted it when it answered. */
export interface AuditEvent {
  verb: string;
  /** Who asked, by their own credentials. */
  user: string;
  /** As whom it was done, where that is somebody else. */
  impersonated?: string;
  /** Empty for what is no object, such as `/readyz`. */
  resource: string;
  group: string;
  subresource: string;
  /** Empty cluster-wide. */
  namespace: string;
  /** Empty for lists and for what the API server names. */
  name: string;
  /** Path and query. */
  uri: string;
  /** HTTP status of the answer. */
  code: number;
  /** What was sent, where the policy has it noted. */
  request?: unknown;
}

/** Events from one offset of the log to another. */
export interface AuditSection {
  events: AuditEvent[];
  /** Where the next section begins. */
  end: number;
}

interface Line {
  stage: string;
  verb: string;
  requestURI: string;
  user: { username: string };
  impersonatedUser?: { username: string };
  objectRef?: { resource?: string; apiGroup?: string; subresource?: string; namespace?: string; name?: string };
  responseStatus?: { code?: number };
  requestObject?: unknown;
}

/** Events that one section may hold: a test that keeps more does not look at what it is about. */
const MAX_EVENTS = 100_000;
/** A watch is noted when it begins, too: it may not have ended when somebody looks. */
const STAGES = new Set(['ResponseStarted', 'ResponseComplete', 'Panic']);

/** Bytes that the log has now: where a later section may begin. */
export function auditLogEnd(path: string): number {
  return statSync(path).size;
}

/**
 * Reads the log from an offset up to what is complete now, keeping the events that are wanted. Memory is bounded by
 * those. A line that is no JSON, or more events than a test can want, is an error.
 */
export async function readAuditLog(
  path: string,
  from: number,
  isWanted: (event: AuditEvent) => boolean,
): Promise<AuditSection> {
  const size = auditLogEnd(path);
  const events: AuditEvent[] = [];
  let end = from;
  if (size <= from) return { events, end };
  const stream = createReadStream(path, { start: from, end: size - 1, encoding: 'utf8' });
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    const next = end + Buffer.byteLength(line) + 1;
    // What is being written while we read: the next section has it.
    if (next > size) break;
    end = next;
    const noted = JSON.parse(line) as Line;
    if (!STAGES.has(noted.stage)) continue;
    const event = eventOf(noted);
    if (!isWanted(event)) continue;
    if (events.push(event) > MAX_EVENTS) throw new Error(`more than ${MAX_EVENTS} events are wanted of ${path}`);
  }
  return { events, end };
}

function eventOf({ verb, requestURI, user, impersonatedUser, objectRef = {}, ...rest }: Line): AuditEvent {
  return {
    verb,
    user: user.username,
    ...(impersonatedUser !== undefined && { impersonated: impersonatedUser.username }),
    resource: objectRef.resource ?? '',
    group: objectRef.apiGroup ?? '',
    subresource: objectRef.subresource ?? '',
    namespace: objectRef.namespace ?? '',
    name: objectRef.name ?? '',
    uri: requestURI,
    code: rest.responseStatus?.code ?? 0,
    ...(rest.requestObject !== undefined && { request: rest.requestObject }),
  };
}
