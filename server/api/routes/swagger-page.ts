import swagger, { type StaticDocumentSpec } from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import type { JsonObject } from '../../../contract/schemas/json.ts';

/** What the page loads comes from this server alone; it styles itself, and its icons are in its styles. */
const PAGE_POLICY = [
  "default-src 'self'",
  "img-src 'self' data:",
  "style-src 'self' 'unsafe-inline'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Serves the description of the API as a page for people at `/swagger-ui/`. */
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
    // The plugin's type knows OpenAPI 3.0 only; it hands the document on as it is.
    const specification = { document } as unknown as StaticDocumentSpec;
    await page.register(swagger, { mode: 'static', specification });
    await page.register(swaggerUi, { routePrefix: '/swagger-ui', uiConfig: { deepLinking: true } });
  });
}

/**
 * Whether a path of a file, decoded, has parts that mean a folder: with `%2e%2e` these come through the router. Nothing
 * outside of the page's folder is served either way; what is answered would be the page under another address.
 */
function pointsUpwards(params: unknown): boolean {
  const { '*': file = '' } = (params ?? {}) as { readonly '*'?: string };
  return file.split(/[/\\]/).some((part) => part === '.' || part === '..');
}
