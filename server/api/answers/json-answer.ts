import type { FastifyReply } from 'fastify';
import { createYieldTurn } from '../../services/jobs/cooperative-yield.ts';
import { withinDepth } from './shown-depth.ts';

/** Lists with up to this many entries are serialised in one piece. */
const FEW = 16;

/**
 * Sends JSON like the original Walm: indented by one space, readable in the output of curl, and without a charset
 * (which Fastify would add to a string).
 */
export function sendJson(reply: FastifyReply, body: unknown): FastifyReply {
  return sendJsonBytes(reply, Buffer.from(written(body)));
}

/** The bytes that `sendJson` sends. A long body is serialised entry by entry, and other requests proceed in between. */
export async function writeLongJson(body: unknown): Promise<Buffer> {
  return hasManyEntries(body) ? writtenSlowly(body) : Buffer.from(written(body));
}

/** Sends serialised JSON, without the charset that Fastify would add to a string. */
export function sendJsonBytes(reply: FastifyReply, bytes: Buffer): FastifyReply {
  return reply.header('content-type', 'application/json').send(bytes);
}

function written(body: unknown): string {
  return JSON.stringify(withinDepth(body), null, 1);
}

/** A list, or an object with one: everything else that is long is long inside its entries. */
function hasManyEntries(body: unknown): body is object {
  return isLong(body) || (isPlain(body) && Object.values(body).some(isLong));
}

function isLong(value: unknown): boolean {
  return Array.isArray(value) && value.length > FEW;
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !('toJSON' in value);
}

/** The same bytes as in one piece. */
async function writtenSlowly(body: object): Promise<Buffer> {
  const pieces: Buffer[] = [];
  const yieldTurn = createYieldTurn(performance);
  const add = (text: string) => pieces.push(Buffer.from(text));

  async function addList(items: readonly unknown[], indent: string): Promise<void> {
    for (const [at, item] of items.entries()) {
      await yieldTurn();
      add(`${at === 0 ? '[' : ','}\n${indent} ${indented(item, `${indent} `) ?? 'null'}`);
    }
    add(`\n${indent}]`);
  }

  if (Array.isArray(body)) {
    await addList(body, '');
    return Buffer.concat(pieces);
  }
  let isFirst = true;
  for (const [key, value] of Object.entries(body) as [string, unknown][]) {
    await yieldTurn();
    const text = isLong(value) ? '' : indented(value, ' ');
    if (text !== undefined) {
      add(`${isFirst ? '{' : ','}\n ${JSON.stringify(key)}: ${text}`);
      isFirst = false;
    }
    if (isLong(value)) {
      await addList(value as unknown[], ' ');
    }
  }
  add('\n}');
  return Buffer.concat(pieces);
}

/** Undefined for values that JSON cannot represent. */
function indented(value: unknown, indent: string): string | undefined {
  // `JSON.stringify` returns undefined for undefined, despite its type.
  const text = written(value) as string | undefined;
  return text?.replaceAll('\n', `\n${indent}`);
}
