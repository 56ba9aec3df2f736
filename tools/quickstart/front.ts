import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';

const NOBODY = 'no server is ready\n';
/** Longest wait for a server's readiness answer, in milliseconds. */
const READY_MS = 1_000;

/**
 * Listens on 127.0.0.1 and forwards every connection to a port of `targets` that is ready: to the one used last if it
 * is, so that a caller sees its own changes, else to the next.
 */
export async function startFront(port: number, targets: readonly number[]): Promise<Server> {
  let current = 0;

  async function choose(): Promise<number | undefined> {
    for (let tried = 0; tried < targets.length; tried += 1) {
      const index = (current + tried) % targets.length;
      const target = targets[index];
      if (target !== undefined && (await isReady(target))) {
        current = index;
        return target;
      }
    }
    return undefined;
  }

  const server = createServer({ allowHalfOpen: true }, (near) => {
    near.on('error', () => near.destroy());
    void choose().then((target) => {
      if (near.destroyed) return;
      if (target === undefined) {
        near.resume();
        const head = ['HTTP/1.1 503 Service Unavailable', `content-length: ${NOBODY.length}`, 'connection: close'];
        near.end(`${head.join('\r\n')}\r\n\r\n${NOBODY}`);
        return;
      }
      const far = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true });
      near.on('close', () => far.destroy());
      far.on('close', () => near.destroy());
      far.on('error', () => near.destroy());
      near.pipe(far).pipe(near);
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function isReady(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/readiness`, { signal: AbortSignal.timeout(READY_MS) })).ok;
  } catch {
    return false;
  }
}

/** `front.ts PORT TARGET…` */
if (import.meta.main) {
  const [port = 0, ...targets] = process.argv.slice(2).map(Number);
  await startFront(port, targets);
}
