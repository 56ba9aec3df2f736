import { createReadStream, statSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** One request to the API server, as its audit log has it. */
export interface AuditEvent {
  verb: string;
  /** The user, by the request's own credentials. */
  user: string;
  /** The impersonated user, if any. */
  impersonated?: string;
  /** The `extra` of the impersonated user, if there is any. */
  extra?: Readonly<Record<string, readonly string[]>>;
  /** Empty for requests that are not about objects, such as `/readyz`. */
  resource: string;
  group: string;
  subresource: string;
  /** Empty for cluster-wide requests. */
  namespace: string;
  /** Empty for lists and for names that the API server generates. */
  name: string;
  /** Path and query. */
  uri: string;
  /** HTTP status of the answer. */
  code: number;
  /** The request's body, if the policy logs it. */
  request?: unknown;
}

/** Events from one offset of the log to another. */
export interface AuditSection {
  events: AuditEvent[];
  /** Offset at which the next section begins. */
  end: number;
}

interface Line {
  stage: string;
  verb: string;
  requestURI: string;
  user: { username: string };
  impersonatedUser?: { username: string; extra?: Record<string, string[]> };
  objectRef?: { resource?: string; apiGroup?: string; subresource?: string; namespace?: string; name?: string };
  responseStatus?: { code?: number };
  requestObject?: unknown;
}

/** Limit on the events of one section: a test that keeps more is not specific enough. */
const MAX_EVENTS = 100_000;
/** A watch is logged when it starts, too, because it may not have ended when the log is read. */
const STAGES = new Set(['ResponseStarted', 'ResponseComplete', 'Panic']);

/** Present size of the log: offset at which a later section may begin. */
export function auditLogEnd(path: string): number {
  return statSync(path).size;
}

/**
 * Reads the log from an offset up to its last complete line, keeping the wanted events. Only those use memory. A line
 * that is not JSON, or more events than the limit, is an error.
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
    // A line that is being written now belongs to the next section.
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
    ...(impersonatedUser?.extra !== undefined && { extra: impersonatedUser.extra }),
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
