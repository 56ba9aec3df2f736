import { connect } from 'node:net';

import { operations } from '../../../contract/operations/operations.ts';
import { createSeededRandom } from '../../harness/seeded-random.ts';
import type { Attack, HostileStage } from '../attack.ts';

/** Requests of every operation, changed at random: none of them may leave anything behind. */

const BATCH = 500;
const AT_ONCE = 8;
const WORDS = [
  '',
  '0',
  '-1',
  '%00',
  '..',
  'null',
  '{}',
  '[]',
  '"',
  "'",
  'é',
  '\u202e',
  'a'.repeat(300),
  '1e999',
  '***',
];

/** The changes of one round, the same whenever that round is repeated. */
function mutate(stage: HostileStage, random: () => number): string {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const { method, path } = pick(Object.values(operations));
  const names = () =>
    random() < 0.5 ? pick(['web', stage.attacker.namespace, 'modest']) : encodeURIComponent(pick(WORDS));
  const address = path.replace('{namespace}', stage.attacker.namespace).replaceAll(/\{\w+\}/g, names);
  const query =
    random() < 0.3 ? `?${pick(['limit', 'labelselector', 'revision', 'x'])}=${encodeURIComponent(pick(WORDS))}` : '';
  const keys = [
    'name',
    'configValues',
    'plugins',
    'unset',
    'dependencies',
    'releaseLabels',
    'metaInfoParams',
    'releases',
    'x',
  ];
  const values: unknown[] = [...WORDS, 1, null, true, [], {}, { a: { b: ['c'] } }, [{ name: 'LabelPod', args: '{' }]];
  const body = JSON.stringify(Object.fromEntries(keys.filter(() => random() < 0.4).map((key) => [key, pick(values)])));
  const cut = random() < 0.2 ? body.slice(0, Math.floor(random() * body.length)) : body;
  const type = random() < 0.9 ? 'application/json' : pick(['text/plain', 'multipart/form-data; boundary=x', '']);
  const verb = random() < 0.95 ? method : pick(['QUERY', 'PATCH', 'FOO', 'HEAD']);
  const token = random() < 0.9 ? stage.attacker.token : pick(['', 'guess', stage.stranger.token]);
  return (
    `${verb} ${address}${query} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAuthorization: Bearer ${token}\r\n` +
    `Content-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(cut)}\r\n\r\n${cut}`
  );
}

/** Sends a request as it is; returns the status, 0 for none. Streams are read only briefly. */
function send({ url }: HostileStage, text: string): Promise<number> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(text));
    const settle = () => {
      socket.destroy();
      resolve(Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1] ?? 0));
    };
    socket.setTimeout(10_000, settle);
    socket.on('data', (chunk) => {
      answer += answer.length < 100 ? chunk.toString('latin1') : '';
      if (answer.includes('text/event-stream')) settle();
    });
    socket.on('error', settle);
    socket.on('close', settle);
  });
}

export const attacks: readonly Attack[] = [
  {
    name: 'sends requests that are changed at random',
    leaves: { objectsKi: 2_000, heapMi: 20, because: 'some of them are changes, whose tasks can be read for a day' },
    async run(stage) {
      const { next: random } = createSeededRandom(stage.round);
      for (let i = 0; i < BATCH && !stage.over.aborted; i += AT_ONCE) {
        const requests = Array.from({ length: AT_ONCE }, () => mutate(stage, random));
        const statuses = await Promise.all(requests.map((text) => send(stage, text)));
        const bad = requests.filter((_, at) => (statuses[at] ?? 0) >= 500 && ![503, 504].includes(statuses[at] ?? 0));
        if (bad.length > 0) throw new Error(`a request was answered with a 5xx: ${bad[0]?.slice(0, 500)}`);
      }
    },
  },
];
