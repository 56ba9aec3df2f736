import { createConnection, type AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeApi, type FakeApi } from '../../../test/harness/fakes/fake-api.ts';

/** The server's responses to raw bytes, as seen by a client that knows nothing of HTTP. */
let api: FakeApi;
let port: number;

beforeEach(async () => {
  api = await createFakeApi();
  await api.app.listen({ port: 0, host: '127.0.0.1' });
  ({ port } = api.app.server.address() as AddressInfo);
});
afterEach(() => api.close());

/** When a client without a response gives up, in milliseconds. */
const PATIENCE_MS = 60_000;

/** Sends bytes; resolves with all that came back once the server has closed the connection, or no more bytes arrive. */
function exchange(bytes: string | Uint8Array, patienceMs = PATIENCE_MS): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = createConnection({ port, host: '127.0.0.1' }, () => socket.write(bytes));
    socket.setTimeout(patienceMs, () => socket.destroy());
    socket.on('data', (chunk) => (text += chunk.toString('latin1')));
    socket.on('error', () => resolve(text));
    socket.on('close', () => resolve(text));
  });
}

const statusesOf = (answers: string) =>
  [...answers.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));

const get = (path: string, headers = '') =>
  `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${headers}Connection: close\r\n\r\n`;
const send = (method: string, path: string) =>
  `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;

describe('methods', () => {
  it.each(['QUERY', 'PROPFIND', 'SEARCH', 'TRACE', 'OPTIONS', 'PATCH', 'PURGE', 'LINK', 'M-SEARCH', 'SOURCE'])(
    '%s is a 405 that says what there is, where there is something',
    async (method) => {
      const answer = await exchange(send(method, '/api/v1/release/demo'));
      expect(statusesOf(answer)).toEqual([405]);
      expect(answer).toMatch(/^allow: POST, PUT, GET, HEAD\r$|^allow: .*GET.*\r$/im);
      expect(statusesOf(await exchange(send(method, '/nothing')))).toEqual([404]);
    },
  );

  it.each(['FOO', 'get', 'X-Y', 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'])(
    '%s, that nobody knows, is a 4xx',
    async (method) => {
      expect(statusesOf(await exchange(send(method, '/liveness')))[0]).toSatisfy((status) =>
        [400, 405].includes(status as number),
      );
    },
  );

  it.each(['CONNECT /liveness', 'CONNECT evil.example:443', 'CONNECT *'])('%s is a 405', async (line) => {
    const answer = await exchange(`${line} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
    expect(statusesOf(answer)).toEqual([405]);
    expect(answer).toContain('"code": "METHOD_NOT_ALLOWED"');
  });

  it('an unknown name is refused with the list of known ones', async () => {
    const answer = await exchange(send('FOO', '/liveness'));
    expect(statusesOf(answer)).toEqual([405]);
    expect(answer).toContain('allow: GET, HEAD, POST, PUT, DELETE');
    expect(answer).toContain('"code": "METHOD_NOT_ALLOWED"');
  });
});

const LONG_PATH = `/swagger-ui/static/${'a'.repeat(5_000)}`;

describe('paths', () => {
  it.each<[string, number[]]>([
    ['/swagger-ui/static/%2e%2e/', [404]],
    ['/swagger-ui/static/%2e/index.html', [404]],
    ['/swagger-ui/static/%2e%2e%5cindex.html', [404]],
    ['/swagger-ui/static/x/%2e%2e/index.html', [404]],
    ['/swagger-ui/static/%2e%2e/%2e%2e/package.json', [404]],
    ['/swagger-ui/static/..%2f..%2fpackage.json', [404]],
    ['/swagger-ui/static/%00', [404]],
    [LONG_PATH, [404]],
    ['/swagger-ui/static/%c0%ae%c0%ae/', [400, 404]],
    ['//api//v1/release', [404]],
    ['/api/v1/release/%zz', [400]],
    ['/api/v1/release/%00', [400]],
    ['/api/v1/release/../../etc/passwd', [404]],
    ['http://127.0.0.1/liveness', [200, 404]],
    ['*', [400, 404]],
    ['/liveness?a=%zz&%00=%ff', [200, 400]],
    ['/liveness;x=y', [404]],
    ['/liveness#fragment', [200, 400, 404]],
  ])('%.60s is never a 500', async (path, statuses) => {
    const [status] = statusesOf(await exchange(get(path)));
    expect(statuses).toContain(status);
    expect(api.errors).toEqual([]);
  });
});

describe('what every answer carries', () => {
  it.each(['/liveness', '/nothing', '/api/v1/release/%zz', '/api/v1/openapi.json', '/swagger-ui/'])(
    '%s',
    async (path) => {
      const answer = await exchange(get(path));
      expect(answer).toMatch(/^x-content-type-options: nosniff\r$/m);
      expect(answer).toMatch(/^cross-origin-resource-policy: same-origin\r$/m);
      expect(answer).toMatch(
        path === '/swagger-ui/'
          ? /^content-security-policy: default-src 'self';/m
          : /^content-security-policy: default-src 'none';/m,
      );
    },
  );

  it('also where it was not a request', async () => {
    const answer = await exchange('NONSENSE\r\n\r\n');
    expect(answer).toContain('x-content-type-options: nosniff');
    expect(answer).toContain("content-security-policy: default-src 'none'");
  });
});

describe('browsers', () => {
  it.each(['cross-site', 'same-site'])('a page that is %s gets nothing, with or without Origin', async (site) => {
    for (const more of [
      '',
      'Sec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: image\r\n',
      'Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe\r\n',
    ]) {
      const answer = await exchange(get('/api/v1/release', `Sec-Fetch-Site: ${site}\r\n${more}`));
      expect(statusesOf(answer)).toEqual([403]);
      expect(answer).toContain('HOST_REFUSED');
    }
    const form = `POST /api/v1/release/demo HTTP/1.1\r\nHost: 127.0.0.1\r\nSec-Fetch-Site: ${site}\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`;
    expect(statusesOf(await exchange(form))).toEqual([403]);
  });

  it.each(['same-origin', 'none'])('the own page, and who types an address, get everything (%s)', async (site) => {
    expect(statusesOf(await exchange(get('/api/v1/release', `Sec-Fetch-Site: ${site}\r\n`)))).toEqual([200]);
  });

  it('a link from elsewhere may be followed to the page', async () => {
    const link = 'Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n';
    expect(statusesOf(await exchange(get('/swagger-ui/', link)))).toEqual([200]);
  });

  it('the page loads nothing from elsewhere, and no script that stands in it', async () => {
    const page = await exchange(get('/swagger-ui/'));
    expect([...page.matchAll(/(?:src|href)="([^"]*)"/g)].every(([, url]) => !/^(\w+:)?\/\//.test(url ?? ''))).toBe(
      true,
    );
    expect(page).not.toMatch(/<script(?![^>]*\ssrc=)[^>]*>/);
    for (const [, file = ''] of page.matchAll(/src="([^"]*)"/g)) {
      expect(statusesOf(await exchange(get(new URL(file, 'http://x/swagger-ui/').pathname)))).toEqual([200]);
    }
  });
});

describe('framing', () => {
  it('requests behind each other are answered in order', async () => {
    const one = 'GET /liveness HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';
    const body = '{"name":"web"}';
    const post = `POST /api/v1/release/demo HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    expect(
      statusesOf(await exchange(`${one}${post}GET /nothing HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n${get('/liveness')}`)),
    ).toEqual([200, 200, 404, 200]);
  });

  const post = (headers: string, body: string) =>
    `POST /api/v1/release/demo HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nConnection: close\r\n${headers}\r\n${body}`;

  it.each([
    [
      'chunks with trailers',
      post('Transfer-Encoding: chunked\r\nTrailer: X-A\r\n', 'e\r\n{"name":"web"}\r\n0\r\nX-A: 1\r\n\r\n'),
      [200],
    ],
    ['a chunk that is not a number', post('Transfer-Encoding: chunked\r\n', 'zz\r\n{}\r\n0\r\n\r\n'), [400]],
    [
      'chunk extensions without end',
      post('Transfer-Encoding: chunked\r\n', `2;${'x'.repeat(40_000)}\r\n{}\r\n0\r\n\r\n`),
      [400, 413, 431],
    ],
    [
      'trailers without end',
      post('Transfer-Encoding: chunked\r\n', `2\r\n{}\r\n0\r\n${'X-A: 1\r\n'.repeat(9_000)}\r\n`),
      [200, 400, 422, 431],
    ],
    ['a length and chunks', post('Transfer-Encoding: chunked\r\nContent-Length: 3\r\n', '2\r\n{}\r\n0\r\n\r\n'), [400]],
    ['two lengths', post('Content-Length: 2\r\nContent-Length: 3\r\n', '{}'), [400]],
    ['a negative length', post('Content-Length: -1\r\n', '{}'), [400]],
    ['a length beyond every number', post('Content-Length: 99999999999999999999999999\r\n', '{}'), [400, 413]],
    ['a huge length', post('Content-Length: 999999999999\r\n', '{}'), [413]],
    ['headers that are too large', get('/liveness', `X: ${'a'.repeat(40_000)}\r\n`), [431]],
    ['very many headers', get('/liveness', 'X: a\r\n'.repeat(10_000)), [200, 431]],
    ['an unknown transfer encoding', post('Transfer-Encoding: gzip\r\n', '{}'), [400, 501]],
    ['an expectation that nobody meets', post('Expect: miracles\r\nContent-Length: 2\r\n', '{}'), [200]],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [400, 404, 405, 505]],
    ['an unknown version', 'GET /liveness HTTP/9.9\r\nHost: 127.0.0.1\r\n\r\n', [400, 505]],
    ['a tunnel', 'CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n', [405]],
    ['an upgrade', get('/liveness', 'Upgrade: websocket\r\nConnection: Upgrade\r\n'), [200, 400]],
    ['TLS', '\u0016\u0003\u0001\u0002\u0000\u0001', [400]],
  ])('%s', async (_what, bytes, statuses) => {
    const [status] = statusesOf(await exchange(bytes));
    expect(statuses).toContain(status);
    expect(api.errors).toEqual([]);
  });

  it('no bytes at all make it fail', async () => {
    const token = fc.constantFrom(
      'GET',
      'POST',
      'QUERY',
      ' ',
      '\r\n',
      '\n',
      '/',
      '/api/v1/release/demo',
      'HTTP/1.1',
      ':',
      '%',
      '..',
      'Host: 127.0.0.1',
      'Content-Length: 5',
      'Content-Type: application/json',
      'Transfer-Encoding: chunked',
      '{"a":1}',
      '0\r\n\r\n',
      '?x=',
      '\u0000',
      '\u00ff',
    );
    const bytes = fc.oneof(
      fc.array(token, { maxLength: 30 }).map((parts) => parts.join('')),
      fc.uint8Array({ maxLength: 200 }).map((value) => Buffer.from(value).toString('latin1')),
      fc
        .tuple(fc.constantFrom('GET', 'PUT', 'QUERY', 'DELETE'), fc.string({ unit: 'grapheme-ascii', maxLength: 60 }))
        .map(([method, path]) => send(method, `/${path.replaceAll(/[\s]/g, '')}`)),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (text) => {
        const answers = await exchange(Buffer.from(text, 'latin1'), 20);
        expect(
          statusesOf(answers).filter((status) => status >= 500),
          text,
        ).toEqual([]);
      }),
      { numRuns: 300 },
    );
    expect(api.errors).toEqual([]);
    expect(statusesOf(await exchange(get('/liveness')))).toEqual([200]);
  });
});
