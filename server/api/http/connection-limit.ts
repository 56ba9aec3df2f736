import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { createSharedBudget } from '../../domain/budgets/shared-budget.ts';
import type { Metrics } from '../../ports/runtime/metrics.ts';

/** Closes connections from an address that already has `each` open; 0 means no limit. */
export function limitConnections(server: Server, each: number, metrics: Metrics): void {
  const budget = createSharedBudget({ all: Number.POSITIVE_INFINITY, each: each || Number.POSITIVE_INFINITY });
  const closed = metrics.counter(
    'walm_http_connections_closed_total',
    'Connections closed because their address had too many.',
    [],
  );
  metrics.gauge('walm_http_connections', 'Open connections.', () => budget.taken());
  server.on('connection', (socket: Socket) => {
    const release = budget.take(socket.remoteAddress ?? '', 1);
    if (release === null) {
      closed.add({});
      socket.destroy();
      return;
    }
    socket.once('close', release);
  });
}
