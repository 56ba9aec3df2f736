import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';

import type { Operation } from '../../contract/operations/parts/operation.ts';
import type { SeenAnswer } from './judge-answer.ts';
import type { WireRequest } from './mutate-request.ts';

/** An answer with its headers. */
export type WireAnswer = SeenAnswer & { headers: IncomingHttpHeaders };

/** Sends a request unchanged: no client corrects its path, texts or body. */
export async function sendWire(url: string, row: Operation, wire: WireRequest): Promise<WireAnswer> {
  const { hostname, port } = new URL(url);
  const { body, headers } = await bodyOf(row, wire);
  const path = `${pathOf(row, wire)}${queryOf(wire)}`;
  const outgoing = request({ hostname, port, path, method: row.method, headers: { ...headers, ...wire.headers } });
  outgoing.end(body);
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  const head = {
    status: incoming.statusCode ?? 0,
    contentType: incoming.headers['content-type'] ?? '',
    headers: incoming.headers,
  };
  if (head.contentType.startsWith('text/event-stream')) {
    // A stream does not end by itself: its status line has the result.
    incoming.destroy();
    return { ...head, text: '' };
  }
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return { ...head, text: Buffer.concat(chunks).toString() };
}

const encoded = (text: string): string => encodeURIComponent(text.toWellFormed());

function pathOf(row: Operation, { path }: WireRequest): string {
  return row.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encoded(path[name] ?? ''));
}

function queryOf({ query }: WireRequest): string {
  const pairs = Object.entries(query).map(([name, value]) => `${encoded(name)}=${encoded(value)}`);
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

async function bodyOf(row: Operation, { body, raw, archive }: WireRequest) {
  if (row.body === undefined) {
    return { body: undefined, headers: {} };
  }
  const text = raw ?? Buffer.from(JSON.stringify(body ?? {}));
  if (row.body.kind === 'json' || (row.body.kind === 'json-or-form' && archive === undefined)) {
    return { body: text, headers: { 'content-type': 'application/json' } };
  }
  const form = new FormData();
  form.set('chart', new Blob([new Uint8Array(archive ?? Buffer.alloc(0))]), 'chart.tgz');
  form.set('body', new Blob([new Uint8Array(text)]));
  const written = new Response(form);
  const type = written.headers.get('content-type') ?? '';
  return { body: Buffer.from(await written.arrayBuffer()), headers: { 'content-type': type } };
}
