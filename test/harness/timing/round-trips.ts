import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';

/** Hops on the event loop that a new connection and an answer on it take at most, and some. */
const TRIPS = 20;

/** Waits by what happens on the event loop instead of by time. */
export interface RoundTrips {
  /** Resolves when what was sent on local connections of this process before has arrived, however slow the machine is. */
  settle(): Promise<void>;
  close(): void;
}

/** Sends bytes to itself over a local connection: what was sent before them is there before they are back. */
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
