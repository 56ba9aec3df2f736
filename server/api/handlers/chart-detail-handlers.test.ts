import { expect, test } from 'vitest';
import { createChartDetailHandlers } from './chart-detail-handlers.ts';

const svg = '<svg><script>alert(1)</script></svg>';
const services: Parameters<typeof createChartDetailHandlers>[0] = {
  lintChart: () => Promise.reject(new Error('not needed')),
  detail: () => Promise.reject(new Error('not needed')),
  uploaded: () => Promise.reject(new Error('not needed')),
  archive: async () => ({ etag: '"d"', body: { bytes: new Uint8Array([1]), fileName: 'web-1.tgz' }, warnings: [] }),
  file: async (_place, path) => ({
    etag: '"d-f"',
    body: path === 'LICENSE' ? new Uint8Array([2]) : null,
    warnings: [],
  }),
  page: async (_place, page) => ({
    etag: `"d-${page}"`,
    body: page === 'icon' ? new TextEncoder().encode(svg) : null,
    warnings: [],
  }),
};
const handlers = createChartDetailHandlers(services);
const call = (accept: string, ifNoneMatch?: string) => ({
  path: { repo: 'stable', chart: 'web' },
  query: {},
  body: undefined,
  archive: undefined,
  requestId: 'r',
  caller: null,
  visible: null,
  signal: new AbortController().signal,
  idempotencyKey: undefined,
  lastEventId: undefined,
  warnings: [],
  accept,
  ifNoneMatch,
  whenLong: () => Promise.resolve(),
});

test('an icon is a JSON string, or a picture in which no script runs', async () => {
  expect(await handlers.getChartIcon(call('application/json'))).toMatchObject({ status: 200, body: svg });
  const { body, headers } = await handlers.getChartIcon(call('image/svg+xml'));
  expect(new TextDecoder().decode(body as Uint8Array)).toBe(svg);
  expect(headers).toMatchObject({
    'content-type': 'image/svg+xml; charset=utf-8',
    'content-security-policy': expect.stringMatching(/^sandbox; default-src 'none';/) as string,
    etag: '"d-icon"',
    vary: 'Accept',
  });
});

test('who has it already gets 304, each form by its own tag', async () => {
  expect(await handlers.getChartIcon(call('image/svg+xml', '"d-icon"'))).toMatchObject({ status: 304 });
  expect(await handlers.getChartIcon(call('*/*', '"d-icon"'))).toMatchObject({ status: 200 });
  expect(await handlers.getChartIcon(call('*/*', '"d-icon-json"'))).toMatchObject({ status: 304 });
});

test('a page that the chart does not have is an empty text, or not found', async () => {
  expect(await handlers.getChartAdvantage(call('*/*'))).toMatchObject({ status: 200, body: '' });
  await expect(handlers.getChartAdvantage(call('text/html'))).rejects.toMatchObject({ code: 'CHART_FILE_NOT_FOUND' });
});

test('an image has to be named', async () => {
  await expect(handlers.getChartImage({ ...call(''), path: {} })).rejects.toMatchObject({ code: 'QUERY_INVALID' });
});

test('archives and files are bytes, once for each tag', async () => {
  expect(await handlers.getChartArchive(call('*/*'))).toMatchObject({
    status: 200,
    headers: { 'content-disposition': 'attachment; filename="web-1.tgz"' },
  });
  expect(await handlers.getChartArchive(call('*/*', '"d"'))).toMatchObject({ status: 304 });
  const asking = (path?: string) =>
    handlers.getChartFile({ ...call('*/*'), query: path === undefined ? {} : { path } });
  expect(await asking('LICENSE')).toMatchObject({ status: 200, body: new Uint8Array([2]) });
  await expect(asking('Chart.yaml')).rejects.toMatchObject({ code: 'CHART_FILE_NOT_FOUND' });
  await expect(asking()).rejects.toMatchObject({ code: 'QUERY_INVALID' });
});
