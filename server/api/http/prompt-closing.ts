import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/**
 * Lets the server close as soon as the last response is sent. Node alone would wait for connections without any
 * request, and for those whose response ends after closing started (event streams), until clients close them.
 */
export function closePromptly(app: FastifyInstance): void {
  const silent = new Set<Socket>();
  let closing = false;
  app.server.on('connection', (socket: Socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  app.server.on('request', ({ socket }: IncomingMessage) => silent.delete(socket));
  app.addHook('preClose', async () => {
    closing = true;
    silent.forEach((socket) => socket.destroy());
  });
  app.addHook('onResponse', async () => {
    if (closing) {
      setImmediate(() => app.server.closeIdleConnections());
    }
  });
}
