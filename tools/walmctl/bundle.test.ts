import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { bundleWalmctl } from './bundle.ts';

const CANARY = 'canary-token-7d0f3c';
const MAX_BYTES = 400_000;
let folder = '';
let program = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'walmctl-bundle-'));
  program = join(folder, 'walmctl.mjs');
  const { code } = await bundleWalmctl();
  writeFileSync(program, code);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

async function walmctl(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  const own = { PATH: process.env['PATH'] ?? '', HOME: folder, XDG_CACHE_HOME: join(folder, 'cache') };
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...own, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (out += piece));
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (err += piece));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

async function withServer<T>(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  use: (url: string) => Promise<T>,
): Promise<T> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('twice the same bytes, small, without schemas and without fetch', async () => {
  const [first, second] = [await bundleWalmctl(), await bundleWalmctl()];
  expect(second.code).toBe(first.code);
  expect(Buffer.byteLength(first.code)).toBeLessThan(MAX_BYTES);
  expect(first.code).not.toMatch(/typebox/i);
  expect(first.code).not.toMatch(/\bfetch\(|new Headers\(|new FormData\(/);
});

test('help is the same in every way that asks for it, and a mistake is exit 2', async () => {
  const asked = await walmctl(['status', '--help']);
  expect(asked.code).toBe(0);
  expect((await walmctl(['help', 'status'])).out).toBe(asked.out);
  expect((await walmctl(['status', '-h'])).out).toBe(asked.out);
  const wrong = await walmctl(['lst']);
  expect(wrong).toMatchObject({ code: 2, out: '' });
  expect(wrong.err).toContain('did you mean: list');
});

test('an answer is passed through as it is, and its numbers keep their digits', async () => {
  const body = '{\n "num": 1,\n "items": [\n  {"name": "web", "configValues": {"n": 12345678901234567890}}\n ]\n}';
  await withServer(
    (_, response) => void response.setHeader('content-type', 'application/json').end(body),
    async (url) => {
      expect((await walmctl(['list', '-s', url, '-o', 'json'])).out).toBe(`${body}\n`);
      expect((await walmctl(['list', '-s', url, '-o', 'yaml'])).out).toContain('n: 12345678901234567890');
      expect((await walmctl(['list', '-s', url, '-o', 'name'])).out).toBe('release//web\n');
    },
  );
});

test.each([
  [401, 5],
  [403, 5],
  [404, 4],
  [409, 3],
  [422, 3],
  [503, 6],
  [504, 7],
])('HTTP %d is exit %d, and a token is in no output and no cache', async (status, exit) => {
  const problem = JSON.stringify({
    errMessage: 'failed to list release: no',
    code: 'FORBIDDEN',
    requestId: 'r1',
    details: {},
  });
  await withServer(
    (_, response) => void response.writeHead(status, { 'content-type': 'application/json' }).end(problem),
    async (url) => {
      const ran = await walmctl(['list', '-s', url, '-vv'], { WALMCTL_TOKEN: CANARY });
      expect(ran.code).toBe(exit);
      expect(ran.err).toContain('error: no (FORBIDDEN)');
      expect(ran.out + ran.err).not.toContain(CANARY);
      await walmctl(['__complete', 'release', 'a', '-s', url], { WALMCTL_TOKEN: CANARY });
      expect(JSON.stringify(readdirSync(folder, { recursive: true }))).not.toContain(CANARY);
    },
  );
});

test('a credential goes to another machine only over TLS, and a redirect is not followed', async () => {
  const clear = await walmctl(['list', '-s', 'http://walm.example.com'], { WALMCTL_TOKEN: CANARY });
  expect(clear).toMatchObject({ code: 2, out: '' });
  let asked = 0;
  await withServer(
    () => (asked += 1),
    (other) =>
      withServer(
        (_, response) => void response.writeHead(302, { location: other }).end(),
        async (url) => {
          expect((await walmctl(['list', '-s', url], { WALMCTL_TOKEN: CANARY })).code).toBe(3);
        },
      ),
  );
  expect(asked).toBe(0);
});

test('a server that is not there is exit 6, and says by which address', async () => {
  const ran = await walmctl(['list', '-s', '127.0.0.1:1']);
  expect(ran.code).toBe(6);
  expect(ran.err).toContain('the server http://127.0.0.1:1 cannot be reached: connection refused');
});

test('what the server writes cannot reach the terminal', async () => {
  const release = { name: 'web', message: 'a\u001b[2Jb', chartName: 'c', chartVersion: '1', namespace: 'd' };
  await withServer(
    (_, response) => void response.end(JSON.stringify({ num: 1, items: [release] })),
    async (url) => {
      expect((await walmctl(['list', '-s', url])).out).toContain('a\\x1b[2Jb');
    },
  );
});

test('lint sends the folder of a chart, prints its faults, and exits by them', async () => {
  const chart = join(folder, 'web');
  mkdirSync(chart);
  writeFileSync(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: web\nversion: 1.0.0\n');
  const warning = { severity: 'warning', file: 'values.yaml', line: 2, path: '', code: 'VALUE_UNUSED', message: 'a' };
  const error = { ...warning, severity: 'error', file: '', line: null, code: 'CHART_YAML_INVALID', message: 'b' };
  const lint = (problems: object[], ...more: string[]) =>
    withServer(
      (request, response) => {
        expect(`${request.method ?? ''} ${request.url ?? ''}`).toBe('POST /api/v1/chart/lint');
        request.resume().on('end', () => {
          response.setHeader('content-type', 'application/json').end(JSON.stringify({ ok: true, problems }));
        });
      },
      (url) => walmctl(['chart', 'lint', chart, '-s', url, ...more]),
    );
  expect(await lint([])).toMatchObject({ code: 0, out: '' });
  expect(await lint([warning])).toMatchObject({ code: 0, out: 'values.yaml:2 warning a (VALUE_UNUSED)\n' });
  expect((await lint([warning], '--strict')).code).toBe(1);
  expect(await lint([error])).toMatchObject({ code: 1, out: 'chart error b (CHART_YAML_INVALID)\n' });
});
