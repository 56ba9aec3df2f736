import { buildChart } from '../../harness/charts/chart-builder.ts';
import type { Attack, HostileStage } from '../attack.ts';

const MiB = 1024 * 1024;
const json = { 'content-type': 'application/json' };
const modest = buildChart('modest', { 'templates/x.yaml': '' }).bytes;

/** Statuses of many parallel requests; an internal error means that the attack succeeded. */
async function together(count: number, one: (i: number) => Promise<{ status: number; text: string }>): Promise<void> {
  const answers = await Promise.all(
    Array.from({ length: count }, (_, i) => one(i).catch((error: unknown) => ({ status: 0, text: String(error) }))),
  );
  const fault = answers.find(({ status }) => status >= 500 && status !== 503);
  if (fault !== undefined) throw new Error(`one of ${count} answered ${fault.status} ${fault.text.slice(0, 300)}`);
}

const body = (bytes: number): string => `{"name":"x","configValues":{"a":"${'x'.repeat(bytes)}"}}`;

async function openStreams({ url, attacker }: HostileStage): Promise<void> {
  const enough = new AbortController();
  const headers = { authorization: `Bearer ${attacker.token}` };
  const streams = Array.from({ length: 300 }, () =>
    fetch(`${url}/api/v1/events`, { headers, signal: enough.signal }).then(
      ({ status }) => status,
      () => 0,
    ),
  );
  await Promise.all(streams);
  enough.abort();
}

/** Many requests at once. */
export const attacks: readonly Attack[] = [
  {
    name: 'sends 120 bodies of almost 4 MB at once',
    run: ({ attacker }) =>
      together(120, () =>
        attacker.api.send('POST', `/api/v1/release/${attacker.namespace}/dryrun`, {
          body: body(3.9 * MiB),
          headers: json,
        }),
      ),
  },
  {
    name: 'sends 120 bodies of almost 4 MB at once, without any right',
    run: ({ stranger, attacker }) =>
      together(120, () =>
        stranger.api.send('PUT', `/api/v1/release/${attacker.namespace}`, { body: body(3.9 * MiB), headers: json }),
      ),
  },
  {
    name: 'guesses tokens',
    sample: true,
    run: ({ url, round }) =>
      together(200, async (i) => {
        const headers = { authorization: `Bearer guess-${round}-${i}` };
        const answer = await fetch(`${url}/api/v1/release`, { headers });
        const text = await answer.text();
        if (answer.status < 400) throw new Error(`a guess answered ${answer.status}`);
        return { status: answer.status, text };
      }),
  },
  {
    name: 'asks what it may do in hundreds of namespaces at once',
    run: ({ attacker, fresh }) =>
      together(200, async (i) => {
        const query = i % 2 === 0 ? { namespace: fresh(`asked-${i}`).slice(0, 60) } : { limit: 500 };
        return attacker.api.send('GET', '/api/v1/access', { query });
      }),
  },
  {
    name: 'sends requests that are refused once their chart is rendered',
    leaves: { diskMi: 64, because: 'archives are kept on disk up to a limit' },
    run: ({ attacker, fresh }) =>
      together(15, (i) => {
        const name = fresh(`refused-${i}`);
        const broken = buildChart('broken', {
          'templates/x.yaml': '{{ fail "never" }}',
          'files/noise.bin': Buffer.from(Array.from({ length: 200_000 }, () => Math.floor(Math.random() * 256))),
        }).bytes;
        const configValues = { noise: Buffer.from(crypto.getRandomValues(new Uint8Array(60_000))).toString('hex') };
        return attacker.api.install({ namespace: attacker.namespace, body: { name, configValues }, archive: broken });
      }),
  },
  { name: 'opens 300 streams of events', run: openStreams },
  {
    name: 'asks for many installs at once and waits for none',
    leaves: { objectsKi: 4_096, diskMi: 8, because: 'tasks can be read for a day, releases were wanted' },
    once: true,
    run: ({ attacker, fresh }) =>
      together(150, (i) =>
        attacker.api.install({
          namespace: attacker.namespace,
          body: { name: fresh(`many-${i}`) },
          archive: modest,
          query: { async: true },
        }),
      ),
  },
];
