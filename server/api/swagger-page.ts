import helmet from '@fastify/helmet';
import swagger, { type StaticDocumentSpec } from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import type { JsonObject } from '../../contract/json.ts';

/** Serves the description of the API as a page for people at `/swagger-ui/`. */
export async function registerSwaggerPage(app: FastifyInstance, document: JsonObject): Promise<void> {
  await app.register(async (page) => {
    await page.register(helmet, {
      strictTransportSecurity: false,
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'self'"],
          imgSrc: ["'self'", 'data:'],
          styleSrc: ["'self'", "'unsafe-inline'"],
          frameAncestors: ["'none'"],
        },
      },
    });
    // The plugin's type knows OpenAPI 3.0 only; it hands the document on as it is.
    const specification = { document } as unknown as StaticDocumentSpec;
    await page.register(swagger, { mode: 'static', specification });
    await page.register(swaggerUi, { routePrefix: '/swagger-ui', uiConfig: { deepLinking: true } });
  });
}
