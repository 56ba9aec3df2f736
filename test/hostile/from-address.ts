import { connect, createServer, type AddressInfo } from 'node:net';

/**
 * An address of this process whose connections reach a server from another local address. Connections are limited per
 * address: a bystander on another machine does not share the attacker's limit.
 */
export async function fromAddress(localAddress: string, server: string): Promise<string> {
  const { hostname, port } = new URL(server);
  const relay = createServer((incoming) => {
    const outgoing = connect({ host: hostname, port: Number(port), localAddress });
    incoming.on('error', () => outgoing.destroy());
    outgoing.on('error', () => incoming.resetAndDestroy());
    incoming.pipe(outgoing).pipe(incoming);
  });
  relay.unref();
  await new Promise<void>((resolve) => {
    relay.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(relay.address() as AddressInfo).port}`;
}
