import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

import { buildChart } from '../../harness/charts/chart-builder.ts';
import type { Attack, HostileStage } from '../attack.ts';

/** Much of everything at once: bodies, connections, streams, tokens, tasks. */

const MiB = 1024 * 1024;
const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i));

/** Sends a body and returns the status; 0 if the connection was cut. */
function post({ url }: HostileStage, token: string, path: string, body: string): Promise<number> {
  return new Promise((resolve) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const sent = request(new URL(path, url), { method: 'POST', headers, agent: false }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode ?? 0));
      answer.on('error', () => resolve(0));
    });
    sent.on('error', () => resolve(0));
    sent.end(body);
  });
}

/** A refusal or a cut connection is acceptable. */
function noDefects(statuses: readonly number[]): void {
  const bad = statuses.filter((status) => status >= 500 && status !== 503);
  if (bad.length > 0) throw new Error(`${bad.length} of ${statuses.length} answers were ${bad[0]}`);
}

/** Connections that send something and then wait, until all of them are let go; unless `reads`, they take no answer. */
async function linger(
  { url, over }: HostileStage,
  count: number,
  bytes: string,
  ms: number,
  { reads = true } = {},
): Promise<void> {
  const { hostname, port } = new URL(url);
  const sockets = times(count, (): Socket => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    return socket.on('error', () => undefined);
  });
  sockets.forEach((socket) => (reads ? socket.resume() : socket.pause()));
  await pause(ms, undefined, { signal: over }).catch(() => undefined);
  sockets.forEach((socket) => socket.destroy());
}

/** Its manifest has 16 MB, of which a record keeps little: it is the same line again and again. */
const lengthy = buildChart('lengthy', {
  'templates/x.yaml': `{{ range $i := until 5 }}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ $.Release.Name }}-{{ $i }}"}
{{ repeat 80000 "# a line of forty characters, and no more\\n" }}{{ end }}`,
}).bytes;

/** Answers that are long and wait for a reader hold memory for as long as they wait. */
async function readNothing(stage: HostileStage): Promise<void> {
  const { attacker, accomplice, round } = stage;
  await Promise.all(
    [attacker, accomplice].map(async ({ api, namespace, token }) => {
      if (round === 1) await api.mustInstall({ namespace, body: { name: 'lengthy' }, archive: lengthy });
      const get = `GET /api/v1/release/${namespace}/name/lengthy/manifest HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\n\r\n`;
      await linger(stage, 64, get, 12_000, { reads: false });
    }),
  );
}

export const attacks: readonly Attack[] = [
  {
    name: 'asks for long answers and reads none of them',
    leaves: { objectsKi: 1_024, because: 'the releases are kept' },
    run: readNothing,
  },
  {
    name: 'sends 120 bodies of 4 MB at once',
    async run(stage) {
      const body = JSON.stringify({ name: 'x', configValues: { a: 'x'.repeat(4 * MiB - 100) } });
      const { attacker, accomplice } = stage;
      const path = (namespace: string) => `/api/v1/release/${namespace}/dryrun`;
      const all = times(120, (i) => {
        const who = i % 2 === 0 ? attacker : accomplice;
        return post(stage, who.token, path(who.namespace), body);
      });
      noDefects(await Promise.all(all));
    },
  },
  {
    name: 'begins 200 bodies and does not go on',
    async run(stage) {
      const { attacker } = stage;
      const head = `POST /api/v1/release/${attacker.namespace} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${attacker.token}\r\nContent-Type: application/json\r\nContent-Length: 4000000\r\n\r\n{"name":`;
      await linger(stage, 200, head, 3_000);
    },
  },
  {
    name: 'opens 1,000 connections and sends nothing',
    run: (stage) => linger(stage, 1_000, '', 2_000),
  },
  {
    name: 'sends headers one by one on 200 connections',
    run: (stage) => linger(stage, 200, 'GET /api/v1/release HTTP/1.1\r\nX-', 3_000),
  },
  {
    name: 'opens 200 streams of events',
    async run(stage) {
      const { attacker, url, over } = stage;
      const stop = new AbortController();
      // The answers are referenced: the client closes a stream whose answer is garbage.
      const answers = await Promise.all(
        times(200, async () => {
          const headers = { authorization: `Bearer ${attacker.token}` };
          return fetch(new URL('/api/v1/events', url), {
            headers,
            signal: AbortSignal.any([stop.signal, over]),
          }).catch(() => null);
        }),
      );
      stop.abort();
      const statuses = answers.map((answer) => answer?.status ?? 0);
      noDefects(statuses);
      const open = statuses.filter((status) => status === 200).length;
      if (open > 50) throw new Error(`${open} streams of one caller were open`);
    },
  },
  {
    name: 'guesses 2,000 tokens',
    async run(stage) {
      for (let i = 0; i < 2_000 && !stage.over.aborted; i += 50) {
        const statuses = await Promise.all(
          times(50, (j) => post(stage, `guess-${stage.round}-${i + j}`, '/api/v1/release/default', '{}')),
        );
        noDefects(statuses);
        const known = statuses.filter((status) => ![0, 401, 429].includes(status));
        if (known.length > 0) throw new Error(`a guess was answered ${known[0]}`);
      }
    },
  },
  {
    name: 'asks for 400 changes at once',
    leaves: { objectsKi: 1_000, because: 'finished tasks can be read for a day' },
    async run(stage) {
      const { attacker } = stage;
      const path = `/api/v1/release/${attacker.namespace}?async=true`;
      const body = (i: number) => JSON.stringify({ name: `t${i}`, repoName: 'stable', chartName: 'modest' });
      const statuses = await Promise.all(times(400, (i) => post(stage, attacker.token, path, body(i % 10))));
      noDefects(statuses);
    },
  },
];
