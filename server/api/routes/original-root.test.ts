import { fastify, type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { registerOriginalAddresses, registerOriginalStats } from './original-root.ts';

let app: FastifyInstance;
const clock = createManualClock();
beforeEach(() => {
  app = fastify({ routerOptions: { ignoreTrailingSlash: true } });
  registerOriginalAddresses(app);
  registerOriginalStats(app, clock);
  app.get('/fails', (_, reply) => reply.code(500).send());
});
afterEach(() => app.close());

describe('addresses of the original Walm', () => {
  it.each([
    ['/apidocs.json', 301, 'api/v1/openapi.json'],
    ['/swagger', 302, 'swagger-ui/'],
    ['/swagger/', 302, '../swagger-ui/'],
    ['/swagger/?a=b', 302, '../swagger-ui/'],
  ])('%s leads to what is there now', async (url, status, location) => {
    const answer = await app.inject({ url });
    expect([answer.statusCode, answer.headers.location]).toEqual([status, location]);
  });
});

describe('the counts of the original Walm', () => {
  it('are those of all answers, and of the present second', async () => {
    await app.inject({ url: '/fails' });
    await clock.advance(95_000);
    await app.inject({ url: '/swagger' });
    const { body, headers } = await app.inject({ url: '/stats' });
    expect(headers['content-type']).toContain('application/json');
    expect(JSON.parse(body)).toMatchObject({
      uptime: '1m35s',
      uptime_sec: 95,
      status_code_count: { 302: 1 },
      total_status_code_count: { 302: 1, 500: 1 },
      count: 1,
      total_count: 2,
      total_response_size: 0,
    });
  });
});
