import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';

/** Upper limit, with a margin, for the turns of the event loop that a new connection and an answer on it take. */
const TRIPS = 20;

/** Waits by events on the event loop instead of by time. */
export interface RoundTrips {
  /**
   * Resolves when everything sent earlier on local connections of this process has arrived, however slow the machine
   * is.
   */
  settle(): Promise<void>;
  close(): void;
}

/** Sends bytes to itself over a local connection: what was sent before arrives before they do. */
export async function startRoundTrips(): Promise<RoundTrips> {
  const server = createServer((socket) => void socket.pipe(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  return {
    async settle() {
      for (let trip = 0; trip < TRIPS; trip += 1) {
        socket.write('.');
        await once(socket, 'data');
      }
    },
    close() {
      socket.destroy();
      server.close();
    },
  };
}
