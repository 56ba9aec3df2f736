import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../ports/runtime/clock.ts';

/** What is counted, in the fields of the original Walm (the Go library thoas/stats). */
interface Counts {
  /** Answers by status since `since`. */
  now: Map<number, number>;
  total: Map<number, number>;
  /** Milliseconds of all answers together. */
  totalMs: number;
  /** When counting `now` began. */
  since: number;
}

/** The original set these counts back every second. */
const WINDOW_MS = 1_000;

/** Registers what the original Walm has at its root besides probes: addresses of its API description. */
export function registerOriginalAddresses(app: FastifyInstance): void {
  // Relative, for servers behind a path.
  app.get('/apidocs.json', (_, reply) => redirect(reply, 301, 'api/v1/openapi.json'));
  const toPage = (request: FastifyRequest, reply: FastifyReply) =>
    redirect(reply, 302, request.url.split('?')[0]?.endsWith('/') === true ? '../swagger-ui/' : 'swagger-ui/');
  app.get('/swagger', toPage);
}

/** Registers `/stats` with the counts that the original Walm showed (decision 22: compatibility). */
export function registerOriginalStats(app: FastifyInstance, clock: Pick<Clock, 'now'>): void {
  const startedAt = clock.now();
  const counts: Counts = { now: new Map(), total: new Map(), totalMs: 0, since: startedAt };

  app.addHook('onResponse', async (_, reply) => {
    turnOver(counts, clock.now());
    for (const map of [counts.now, counts.total]) {
      map.set(reply.statusCode, (map.get(reply.statusCode) ?? 0) + 1);
    }
    counts.totalMs += reply.elapsedTime;
  });
  app.get('/stats', async (_, reply) => {
    const at = clock.now();
    turnOver(counts, at);
    return reply.type('application/json').send(JSON.stringify(statsOf(counts, startedAt, at), undefined, 1));
  });
}

function turnOver(counts: Counts, at: number): void {
  if (at - counts.since >= WINDOW_MS) {
    counts.now = new Map();
    counts.since = at;
  }
}

function statsOf({ now, total, totalMs }: Counts, startedAt: number, at: number): Record<string, unknown> {
  const uptime = (at - startedAt) / 1000;
  const count = sum(now);
  const all = sum(total);
  const average = all === 0 ? 0 : totalMs / 1000 / all;
  return {
    pid: process.pid,
    hostname: '',
    uptime: goDuration(uptime),
    uptime_sec: uptime,
    time: `${new Date(at).toISOString().replace('T', ' ').replace('Z', '')} +0000 UTC m=+${uptime.toFixed(9)}`,
    unixtime: Math.floor(at / 1000),
    status_code_count: Object.fromEntries(now),
    total_status_code_count: Object.fromEntries(total),
    count,
    total_count: all,
    total_response_time: goDuration(totalMs / 1000),
    total_response_time_sec: totalMs / 1000,
    total_response_size: 0,
    average_response_size: 0,
    average_response_time: goDuration(average),
    average_response_time_sec: average,
    total_metrics_counts: {},
    average_metrics_timers: {},
  };
}

function sum(counts: ReadonlyMap<number, number>): number {
  return [...counts.values()].reduce((all, one) => all + one, 0);
}

/** A duration as Go prints it: `1h2m3.5s`, `305.4ms`, `0s`. */
function goDuration(seconds: number): string {
  if (seconds === 0) {
    return '0s';
  }
  if (seconds < 1) {
    return seconds < 0.001 ? `${trimmed(seconds * 1e6, 3)}µs` : `${trimmed(seconds * 1000, 6)}ms`;
  }
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = `${trimmed(seconds % 60, 9)}s`;
  const withMinutes = hours > 0 || minutes > 0 ? `${minutes}m${rest}` : rest;
  return hours > 0 ? `${hours}h${withMinutes}` : withMinutes;
}

function trimmed(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}

function redirect(reply: FastifyReply, status: 301 | 302, to: string): FastifyReply {
  return reply.code(status).header('location', to).send();
}
