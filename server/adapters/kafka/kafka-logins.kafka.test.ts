import { inspect } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eventually } from '../../../test/harness/eventually.ts';
import { type Authority, createAuthority } from '../../../test/harness/programs/authority.ts';
import { type KafkaBroker, startKafkaBroker } from '../../../test/harness/programs/kafka-broker.ts';
import { EventsUndelivered } from '../../ports/runtime/event-bus.ts';
import { systemClock } from '../system/system-clock.ts';
import { createKafkaEventBus } from './event-bus.ts';
import type { KafkaSettings } from './kafka-settings.ts';

const PASSWORD = 'canary-kafka-password';
const MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;
const PROTOCOL_LOGIN = 'org.apache.kafka.common.security';

let authority: Authority;
let broker: KafkaBroker;
let ca: string;

/** A broker that accepts only TLS clients with a login. */
beforeAll(async () => {
  authority = await createAuthority();
  ca = authority.ca;
  const { bothFile } = await authority.issue('broker');
  const scram = `${PROTOCOL_LOGIN}.scram.ScramLoginModule required;`;
  broker = await startKafkaBroker(
    {
      'listener.security.protocol.map': 'CLIENTS:SASL_SSL,CONTROLLER:PLAINTEXT',
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.location': bothFile,
      'ssl.truststore.type': 'PEM',
      'ssl.truststore.location': authority.caFile,
      'sasl.enabled.mechanisms': MECHANISMS.join(','),
      'sasl.mechanism.inter.broker.protocol': 'PLAIN',
      'listener.name.clients.plain.sasl.jaas.config': `${PROTOCOL_LOGIN}.plain.PlainLoginModule required username="walm" password="${PASSWORD}" user_walm="${PASSWORD}";`,
      'listener.name.clients.scram-sha-256.sasl.jaas.config': scram,
      'listener.name.clients.scram-sha-512.sasl.jaas.config': scram,
    },
    MECHANISMS.slice(1).map((mechanism) => `${mechanism}=[name=walm,password=${PASSWORD}]`),
  );
});

afterAll(async () => {
  await broker?.stop();
  authority?.remove();
});

/** Publishes one record; resolves when the broker has acknowledged it. */
async function publish(changes: Partial<KafkaSettings>): Promise<void> {
  const settings = { brokers: [broker.address], timeoutMs: 60_000, publishTimeoutMs: 120_000, ...changes };
  const bus = createKafkaEventBus(settings, systemClock);
  try {
    await bus.publish([{ topic: 'secured', key: 'demo/web', value: '{}' }]);
  } finally {
    await bus.close();
  }
}

const login = (mechanism: (typeof MECHANISMS)[number], password = PASSWORD) => ({
  sasl: { mechanism, username: 'walm', password },
});

describe('a broker that wants TLS and a login', () => {
  it.each(MECHANISMS)('takes events with %s', async (mechanism) => {
    await expect(publish({ tls: { ca, verify: true }, ...login(mechanism) })).resolves.toBeUndefined();
  });

  it.each(MECHANISMS)('refuses a wrong password with %s, and no error tells it', async (mechanism) => {
    const settings = { tls: { ca, verify: true }, publishTimeoutMs: 2_000, ...login(mechanism, 'wrong-canary') };
    // It may be given up before the broker has said why.
    await eventually(async () => {
      const error: unknown = await publish(settings).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(EventsUndelivered);
      expect(inspect(error, { depth: 20 })).not.toContain('wrong-canary');
      expect(String(error)).toContain('authentication failed');
    });
  });

  it('is not trusted without a certificate of a known authority, unless verification is off', async () => {
    await expect(publish({ tls: { verify: true }, publishTimeoutMs: 2_000, ...login('PLAIN') })).rejects.toThrow(
      EventsUndelivered,
    );
    await publish({ tls: { verify: false }, ...login('PLAIN') });
  });
});
