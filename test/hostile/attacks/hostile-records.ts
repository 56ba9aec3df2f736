import { gzipSync } from 'node:zlib';

import { packRecord, recordSecret } from '../../tenant/record-text.ts';
import type { Attack, HostileStage } from '../attack.ts';

const MiB = 1024 * 1024;

/** Writes records as their owner may, and deletes them after a moment. */
function withRecords(payloads: () => readonly string[]): (stage: HostileStage) => Promise<void> {
  return async ({ attacker, fresh, over }) => {
    const path = `/api/v1/namespaces/${attacker.namespace}/secrets`;
    const written: string[] = [];
    for (const [i, payload] of payloads().entries()) {
      const name = fresh(`record-${i}`);
      const { status, body } = await attacker.kube.call('POST', path, recordSecret({ name, version: 1 }, payload));
      if (status !== 201) throw new Error(`the record was not taken: ${status} ${JSON.stringify(body).slice(0, 300)}`);
      written.push(`${path}/sh.helm.release.v1.${name}.v1`);
    }
    for (let i = 0; i < 20 && !over.aborted; i += 1) {
      const { status, text } = await attacker.api.list(attacker.namespace);
      if (status !== 200) throw new Error(`the list answered ${status} ${text.slice(0, 300)}`);
    }
    for (const one of written) await attacker.kube.call('DELETE', one);
  };
}

const record = (given: object): string =>
  JSON.stringify({
    name: 'x',
    namespace: 'hostile-attacker',
    version: 1,
    info: { status: 'deployed', first_deployed: '2026-01-01T00:00:00Z', last_deployed: '2026-01-01T00:00:00Z' },
    chart: { metadata: { name: 'x', version: '1.0.0', apiVersion: 'v2' }, templates: [], files: [] },
    config: {},
    manifest: '',
    hooks: [],
    ...given,
  });

/** Zeros that compress to a thousandth, twice: many times what a Secret can hold. */
const zeros = (): string => packRecord(Buffer.alloc(256 * MiB));
const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

/** Helm's records as hostile input: anyone who may write Secrets in a namespace can write any record. */
export const attacks: readonly Attack[] = [
  { name: 'writes a record without info', run: withRecords(() => [packRecord('{"info": null}')]) },
  {
    name: 'writes records that are not records',
    run: withRecords(() => [
      packRecord('null'),
      packRecord('[]'),
      packRecord('"text"'),
      packRecord(record({ chart: null, hooks: [null], manifest: null })),
      packRecord(record({ info: { status: {}, last_deployed: 7 }, hooks: [{ last_run: null, events: ['never'] }] })),
      Buffer.from('nothing of Helm').toString('base64'),
      Buffer.from(gzipSync('{}').toString('base64').slice(0, 20)).toString('base64'),
    ]),
  },
  { name: 'writes six records full of zeros', run: withRecords(() => Array.from({ length: 6 }, zeros)) },
  {
    name: 'writes a record of a million documents',
    run: withRecords(() => [packRecord(record({ manifest: '---\na: 1\n'.repeat(1_000_000) }))]),
  },
  {
    name: 'writes a record of many objects',
    run: withRecords(() => [
      packRecord(
        record({
          manifest: Array.from(
            { length: 30_000 },
            (_, i) => `---\n# Source: x/t.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c${i}}\n`,
          ).join(''),
        }),
      ),
    ]),
  },
  {
    name: 'writes a record whose values are deep',
    run: withRecords(() => [packRecord(record({}).replace('"config":{}', `"config":${nested(50_000)}`))]),
  },
  {
    name: 'writes a record whose manifest laughs a billion times',
    run: withRecords(() => [
      packRecord(
        record({
          manifest: `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\na: &a [1,1,1,1,1,1,1,1,1]\n${'bcdefghi'
            .split('')
            .map((key, i) => `${key}: &${key} [${Array.from({ length: 9 }, () => `*${'abcdefgh'[i]}`).join()}]\n`)
            .join('')}`,
        }),
      ),
    ]),
  },
];
