import type { FastifyReply } from 'fastify';
import { createBreath } from '../../services/jobs/breath.ts';
import { withinDepth } from './shown-depth.ts';

/** Entries of a list up to which an answer is written in one piece. */
const FEW = 16;

/**
 * Answers with JSON as the original Walm wrote it: indented by one space, readable as it comes out of curl, and
 * without a charset (the framework would add one to a text).
 */
export function sendJson(reply: FastifyReply, body: unknown): FastifyReply {
  return sendBytes(reply, Buffer.from(written(body)));
}

/** The same of what may be long: it is written entry by entry, and others go on between them. */
export async function sendLongJson(reply: FastifyReply, body: unknown): Promise<FastifyReply> {
  return hasManyEntries(body) ? sendBytes(reply, await writtenSlowly(body)) : sendJson(reply, body);
}

function sendBytes(reply: FastifyReply, bytes: Buffer): FastifyReply {
  return reply.header('content-type', 'application/json').send(bytes);
}

function written(body: unknown): string {
  return JSON.stringify(withinDepth(body), null, 1);
}

/** A list, or an object with one: what else is long is long inside of its entries. */
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
  const breath = createBreath(performance);
  const add = (text: string) => pieces.push(Buffer.from(text));

  async function addList(items: readonly unknown[], indent: string): Promise<void> {
    for (const [at, item] of items.entries()) {
      await breath();
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
    await breath();
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

/** Undefined for what JSON does not have. */
function indented(value: unknown, indent: string): string | undefined {
  // Of what is undefined JavaScript makes nothing, whatever the type says.
  const text = written(value) as string | undefined;
  return text?.replaceAll('\n', `\n${indent}`);
}
