import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { StaticDocumentSpec } from '@fastify/swagger';
import type { JsonObject } from '../../../contract/schemas/json.ts';

/** The page loads scripts only from this server; it sets styles itself, which contain its icons. */
const PAGE_POLICY = [
  "default-src 'self'",
  "img-src 'self' data:",
  "style-src 'self' 'unsafe-inline'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** What the page has in common with the rest of the server. */
export interface PageParts {
  /** Answers for paths below the page that are none. */
  readonly answerNotFound: (request: FastifyRequest, reply: FastifyReply) => void;
  /** Answers for files that cannot be sent. */
  readonly answerError: (error: unknown, request: FastifyRequest, reply: FastifyReply) => void;
  /** Registers what discards bodies that no handler reads. */
  readonly drainBodies: (page: FastifyInstance) => void;
}

/**
 * Serves the API description as a web page at `/swagger-ui/`. What serves it is loaded by the first request for it: most
 * servers never get one.
 */
export function registerSwaggerPage(app: FastifyInstance, document: JsonObject, parts: PageParts): void {
  let opened: Promise<FastifyInstance> | undefined;

  async function pageOf(): Promise<FastifyInstance> {
    opened ??= openPage(document, parts);
    opened.catch(() => (opened = undefined));
    return opened;
  }

  async function answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    if (pointsUpwards(request.params)) {
      reply.callNotFound();
      return reply;
    }
    const page = await pageOf();
    reply.hijack();
    for (const [name, value] of Object.entries({ ...reply.getHeaders(), ...PAGE_HEADERS })) {
      if (value !== undefined) reply.raw.setHeader(name, value);
    }
    // Errors of the page name the request as its headers do.
    request.raw.headers['x-request-id'] = request.id;
    page.routing(request.raw, reply.raw);
    return reply;
  }

  app.get('/swagger-ui', answer);
  app.get('/swagger-ui/*', answer);
  app.addHook('onClose', async () => (await opened?.catch(() => undefined))?.close());
}

const PAGE_HEADERS = {
  'content-security-policy': PAGE_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'x-frame-options': 'DENY',
} as const;

/** A server of the page alone. It never listens: requests are handed to it. */
async function openPage(document: JsonObject, parts: PageParts): Promise<FastifyInstance> {
  const [{ default: swagger }, { default: swaggerUi }] = await Promise.all([
    import('@fastify/swagger'),
    import('@fastify/swagger-ui'),
  ]);
  const page = fastify({ routerOptions: { ignoreTrailingSlash: true }, requestIdHeader: 'x-request-id' });
  parts.drainBodies(page);
  page.setNotFoundHandler(parts.answerNotFound);
  page.setErrorHandler(parts.answerError);
  // The plugin's type knows OpenAPI 3.0 only; it passes the document on unchanged.
  const specification = { document } as unknown as StaticDocumentSpec;
  await page.register(swagger, { mode: 'static', specification });
  await page.register(swaggerUi, { routePrefix: '/swagger-ui', uiConfig: { deepLinking: true } });
  await page.ready();
  return page;
}

/**
 * Whether a decoded file path has segments such as `..`, which pass the router as `%2e%2e`. Nothing outside the page's
 * folder is served either way; this avoids serving the page under another address.
 */
function pointsUpwards(params: unknown): boolean {
  const { '*': file = '' } = (params ?? {}) as { readonly '*'?: string };
  return file.split(/[/\\]/).some((part) => part === '.' || part === '..');
}
