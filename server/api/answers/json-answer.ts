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
  return isLong(body) ? writtenSlowly(body) : Buffer.from(written(body));
}

/** Sends serialised JSON, without the charset that Fastify would add to a string. */
export function sendJsonBytes(reply: FastifyReply, bytes: Buffer): FastifyReply {
  return reply.header('content-type', 'application/json').send(bytes);
}

function written(body: unknown): string {
  return JSON.stringify(withinDepth(body), null, 1);
}

/** Levels of objects in which lists are looked for: those of the objects of a release are two levels down. */
const LEVELS = 3;

/** A long list, or an object with one below: it is written entry by entry. */
function isLong(value: unknown, levels = LEVELS): value is object {
  if (Array.isArray(value)) {
    return value.length > FEW;
  }
  return levels > 0 && isPlain(value) && Object.values(value).some((below) => isLong(below, levels - 1));
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

  async function addObject(value: object, indent: string): Promise<void> {
    let isFirst = true;
    for (const [key, below] of Object.entries(value) as [string, unknown][]) {
      await yieldTurn();
      const text = isLong(below) ? '' : indented(below, `${indent} `);
      if (text !== undefined) {
        add(`${isFirst ? '{' : ','}\n${indent} ${JSON.stringify(key)}: ${text}`);
        isFirst = false;
      }
      if (isLong(below)) {
        await addLong(below, `${indent} `);
      }
    }
    add(`\n${indent}}`);
  }

  function addLong(value: object, indent: string): Promise<void> {
    return Array.isArray(value) ? addList(value, indent) : addObject(value, indent);
  }

  await addLong(body, '');
  return Buffer.concat(pieces);
}

/** Undefined for values that JSON cannot represent. */
function indented(value: unknown, indent: string): string | undefined {
  // `JSON.stringify` returns undefined for undefined, despite its type.
  const text = written(value) as string | undefined;
  return text?.replaceAll('\n', `\n${indent}`);
}
