import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { inspect } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Authority, createAuthority, type Identity } from '../../../test/harness/programs/authority.ts';
import { eventually } from '../../../test/harness/eventually.ts';
import { type KafkaBroker, startKafkaBroker } from '../../../test/harness/programs/kafka-broker.ts';
import { type KafkaReader, readKafka } from '../../../test/harness/programs/kafka-consumer.ts';
import { EventsUndelivered } from '../../ports/runtime/event-bus.ts';
import { systemClock } from '../system/system-clock.ts';
import { createKafkaEventBus } from './event-bus.ts';
import type { KafkaSettings } from './kafka-settings.ts';

let authority: Authority;
let stranger: Authority;
let own: Identity;
let strange: Identity;
let broker: KafkaBroker;
let reader: KafkaReader | undefined;

/** A broker that accepts only TLS clients with a certificate of its CA. */
beforeAll(async () => {
  [authority, stranger] = await Promise.all([createAuthority(), createAuthority()]);
  [own, strange] = await Promise.all([authority.issue('walm'), stranger.issue('stranger')]);
  const identity = await authority.issue('broker');
  broker = await startKafkaBroker({
    'listener.security.protocol.map': 'CLIENTS:SSL,CONTROLLER:PLAINTEXT',
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': identity.bothFile,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': authority.caFile,
    'ssl.client.auth': 'required',
  });
});

afterAll(async () => {
  await reader?.close();
  await broker?.stop();
  authority?.remove();
  stranger?.remove();
});

/** Publishes one record with these TLS settings; resolves when the broker has acknowledged it. */
async function publish(
  tls: KafkaSettings['tls'],
  publishTimeoutMs: number,
  brokers: readonly string[] = [broker.address],
): Promise<void> {
  const settings = { brokers, timeoutMs: 60_000, publishTimeoutMs, ...(tls && { tls }) };
  const bus = createKafkaEventBus(settings, systemClock);
  try {
    await bus.publish([{ topic: 'certified', key: 'demo/web', value: '{"it":"arrived"}' }]);
  } finally {
    await bus.close();
  }
}

const certificate = () => ({ cert: own.cert, key: own.key });

describe('a broker that wants a certificate', () => {
  it('takes events of a client that has one', async () => {
    await publish({ ca: authority.ca, verify: true, ...certificate() }, 120_000);
    reader = await readKafka(broker.address, ['certified'], { ca: authority.ca, ...certificate() });
    await eventually(() => {
      expect(reader?.records('certified').map(({ value }) => value)).toEqual(['{"it":"arrived"}']);
    });
  });

  const refusals: [string, RegExp, () => KafkaSettings['tls']][] = [
    [
      'its authority is another one',
      /not trusted \(caFile\)/,
      () => ({ ca: stranger.ca, verify: true, ...certificate() }),
    ],
    ['it is shown none', /asks for a client certificate/, () => ({ ca: authority.ca, verify: true })],
    [
      'it is shown one of another authority',
      /refuses the client certificate/,
      () => ({ ca: authority.ca, verify: true, cert: strange.cert, key: strange.key }),
    ],
    ['it is not spoken to by TLS', /requires TLS/, () => undefined],
  ];
  it.each(refusals)('takes nothing, and the error says why, when %s', async (_, reason, tls) => {
    // It may be given up before the broker has said why.
    await eventually(async () => {
      const error: unknown = await publish(tls(), 1_000).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(EventsUndelivered);
      expect(inspect(error, { depth: 20 })).not.toContain('PRIVATE KEY');
      expect(String(error)).toMatch(reason);
    });
  });
});

describe('a gateway that distinguishes clusters by the server name', () => {
  it.each([
    ['is told the name of the broker', 'localhost', 'localhost'],
    ['is told no address', '127.0.0.1', false],
  ])('%s', async (_, host, expected) => {
    const names: (string | false | null)[] = [];
    const gateway = createServer({ cert: own.cert, key: own.key }, (socket) => {
      names.push(socket.servername ?? null);
      socket.destroy();
    });
    await once(gateway.listen(0, '127.0.0.1'), 'listening');
    try {
      const { port } = gateway.address() as AddressInfo;
      await eventually(async () => {
        const published = publish({ ca: authority.ca, verify: true }, 1_000, [`${host}:${port}`]);
        await expect(published).rejects.toBeInstanceOf(EventsUndelivered);
        expect(names[0]).toBe(expected);
      });
    } finally {
      gateway.close();
    }
  });
});
