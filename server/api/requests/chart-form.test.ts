import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHash } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { eventually } from '../../../test/harness/eventually.ts';
import type { ProblemBody } from '../../../contract/problems/problem.ts';
import {
  createFakeApi,
  doneTask,
  formRequest,
  type FakeApi,
  type FakeServices,
} from '../../../test/harness/fakes/fake-api.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import type { ApplyInput } from '../../services/tasks/release-mutation.ts';

const bytes = new Uint8Array(Buffer.from('an archive'));
const digest = createHash('sha256').update(bytes).digest('hex');
const json = (value: object) => JSON.stringify(value);

let api: FakeApi;
let inputs: ApplyInput[];
afterEach(() => api.close());

async function start(services: FakeServices = {}): Promise<void> {
  inputs = [];
  api = await createFakeApi({
    installRelease: async (input) => {
      inputs.push(input);
      return { task: doneTask, finished: true, warnings: [] };
    },
    ...services,
  });
}

async function send(parts: Parameters<typeof formRequest>[0]) {
  const { payload, headers } = await formRequest(parts);
  return api.app.inject({ method: 'POST', url: '/api/v1/release/demo/withchart', headers, payload });
}

it.each([
  [
    'archive first',
    [
      ['chart', bytes],
      ['body', json({ chartName: 'x' })],
      ['release', 'web'],
    ],
  ],
  [
    'archive last',
    [
      ['release', 'web'],
      ['other', 'thing'],
      ['body', json({ name: 'no' })],
      ['chart', bytes],
    ],
  ],
  [
    'unknown files between',
    [
      ['release', 'web'],
      ['readme', bytes],
      ['chart', bytes],
    ],
  ],
  [
    'the body as a file',
    [
      ['body', new Uint8Array(Buffer.from(json({ name: 'web' })))],
      ['chart', bytes],
    ],
  ],
] as const)('keeps the archive by its digest and lets `release` win over `body`: %s', async (_, parts) => {
  await start();
  const answer = await send(parts);
  expect(answer.statusCode).toBe(200);
  expect(inputs[0]?.request.name).toBe('web');
  expect(inputs[0]?.archive).toMatchObject({ digest, fileName: 'chart.tgz', version: '1.0.0' });
  expect(await api.charts()).toEqual([`${digest}.tgz`]);
});

it.each([
  [[['release', 'web']], 400, 'CHART_ARCHIVE_MISSING', 'failed to read chart archive: http: no such file'],
  [
    [
      ['chart', bytes],
      ['body', '{'],
    ],
    400,
    'BODY_MALFORMED',
    'failed to read release request: unexpected end of JSON input at line 1, column 2',
  ],
  [
    [
      ['chart', bytes],
      ['body', '{"name":3}'],
    ],
    422,
    'REQUEST_INVALID',
    'failed to read release request: /name must be string, not number',
  ],
  [
    [
      ['chart', bytes],
      ['chart', bytes],
    ],
    400,
    'BODY_MALFORMED',
    'failed to read chart archive: the form has more than one part chart',
  ],
  [
    [
      ['chart', new Uint8Array(70_000)],
      ['release', 'x'],
    ],
    413,
    'CHART_TOO_LARGE',
    'failed to read chart archive: the chart archive is larger than 65536 bytes',
  ],
  [
    [
      ['chart', bytes],
      ['body', json({ a: 'x'.repeat(17_000) })],
    ],
    413,
    'BODY_TOO_LARGE',
    'failed to read chart archive: the part body is larger than 16384 bytes',
  ],
] as const)('refuses an unusable form and leaves nothing behind: case %#', async (parts, status, code, errMessage) => {
  await start();
  const answer = await send(parts);
  expect([answer.statusCode, answer.json()]).toEqual([status, expect.objectContaining({ code, errMessage })]);
  expect([await api.charts(), inputs]).toEqual([[], []]);
});

it('warns of parts that it does not know', async () => {
  await start();
  const answer = await send([
    ['release', 'web'],
    ['boddy', json({ configValues: { v: 77 } })],
    ['chart', bytes],
  ]);
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toMatchObject({
    warnings: [{ code: 'FIELD_UNKNOWN', message: 'unknown part boddy of the form is ignored; did you mean body?' }],
  });
});

it.each([
  ['web', []],
  ['', []],
  [
    'other',
    [
      {
        code: 'NAME_IGNORED',
        message: 'name other of the part body is ignored: the part release wins, and says web',
        path: '/name',
      },
    ],
  ],
])('warns of a name in the body that is not that of the release: %s', async (name, warnings) => {
  await start();
  const answer = await send([
    ['release', 'web'],
    ['body', json({ name })],
    ['chart', bytes],
  ]);
  expect(answer.statusCode).toBe(200);
  expect(inputs[0]?.options.warnings).toEqual(warnings);
});

it('removes an archive that is not a chart, under the prefix of loading', async () => {
  await start({
    checkChart: async () => {
      throw problem('CHART_TOO_LARGE', 'the chart unpacks to more than 100 MiB');
    },
  });
  const answer = await send([
    ['release', 'web'],
    ['chart', bytes],
  ]);
  expect(answer.json<ProblemBody>().errMessage).toBe(
    'failed to load chart archive: the chart unpacks to more than 100 MiB',
  );
  expect(await api.charts()).toEqual([]);
});

it.each([
  ['application/json', '{}', 415],
  ['multipart/form-data', 'x', 400],
  ['multipart/form-data; boundary=b', '--b\r\nnonsense', 400],
  [
    'multipart/form-data; boundary=b',
    '--b\r\nContent-Disposition: form-data; name="chart"; filename="c"\r\n\r\nabc',
    400,
  ],
  ['multipart/form-data; boundary=b', '', 400],
  [
    'multipart/form-data; boundary=b',
    '--b\r\nContent-Disposition: form-data; name="__proto__"\r\n\r\nx\r\n--b--\r\n',
    400,
  ],
])('refuses what is not a form: %s', async (contentType, payload, status) => {
  await start();
  const answer = await api.app.inject({
    method: 'POST',
    url: '/api/v1/release/demo/withchart',
    headers: { 'content-type': contentType },
    payload,
  });
  expect(answer.statusCode).toBe(status);
  expect(answer.json<ProblemBody>().errMessage).toMatch(/^failed to read chart archive: /);
  expect(await api.charts()).toEqual([]);
});

it('leaves nothing behind when the client goes away in the middle of the archive', async () => {
  await start();
  await api.app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = api.app.server.address() as AddressInfo;
  const request = httpRequest({
    port,
    method: 'POST',
    path: '/api/v1/release/demo/withchart',
    headers: { 'content-type': 'multipart/form-data; boundary=b' },
  });
  request.on('error', () => {});
  request.write('--b\r\nContent-Disposition: form-data; name="chart"; filename="c.tgz"\r\n\r\n');
  request.write(Buffer.alloc(30_000));
  await eventually(async () => expect(await api.charts()).toHaveLength(1));
  request.destroy();
  await eventually(async () => expect(await api.charts()).toEqual([]));
  expect([inputs, api.errors]).toEqual([[], []]);
});

it('answers a client that sends far too much, over a real connection', async () => {
  await start();
  const address = await api.app.listen({ port: 0, host: '127.0.0.1' });
  const form = new FormData();
  form.append('chart', new Blob([new Uint8Array(3_000_000)]), 'c.tgz');
  const answer = await fetch(`${address}/api/v1/release/demo/withchart`, { method: 'POST', body: form });
  expect([answer.status, await api.charts()]).toEqual([413, []]);
});
