import swagger, { type StaticDocumentSpec } from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
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

/** Serves the API description as a web page at `/swagger-ui/`. */
export async function registerSwaggerPage(app: FastifyInstance, document: JsonObject): Promise<void> {
  await app.register(async (page) => {
    page.addHook('onRequest', async (request, reply) => {
      reply.headers({
        'content-security-policy': PAGE_POLICY,
        'cross-origin-opener-policy': 'same-origin',
        'x-frame-options': 'DENY',
      });
      if (pointsUpwards(request.params)) {
        reply.callNotFound();
        return reply;
      }
      return undefined;
    });
    // The plugin's type knows OpenAPI 3.0 only; it passes the document on unchanged.
    const specification = { document } as unknown as StaticDocumentSpec;
    await page.register(swagger, { mode: 'static', specification });
    await page.register(swaggerUi, { routePrefix: '/swagger-ui', uiConfig: { deepLinking: true } });
  });
}

/**
 * Whether a decoded file path has segments such as `..`, which pass the router as `%2e%2e`. Nothing outside the page's
 * folder is served either way; this avoids serving the page under another address.
 */
function pointsUpwards(params: unknown): boolean {
  const { '*': file = '' } = (params ?? {}) as { readonly '*'?: string };
  return file.split(/[/\\]/).some((part) => part === '.' || part === '..');
}
