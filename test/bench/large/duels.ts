import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import type { ChartArchive } from '../../harness/charts/chart-builder.ts';
import type { HelmCli } from '../../harness/programs/helm-cli.ts';
import type { ApiAnswer, WalmApi } from '../../harness/clients/walm-api.ts';
import { type Sample, timed } from '../sample.ts';

/** Durations of the same change on both sides, in milliseconds; `helm` is empty if helm has nothing comparable. */
export interface Duel {
  what: string;
  walm: Sample;
  helm: Sample;
}

/** Where both sides work, each in a namespace of its own. */
export interface Arena {
  api: WalmApi;
  helm: HelmCli;
  namespaces: { walm: string; helm: string };
}

/** Installs, reads, changes and deletes one release, `rounds` times, both sides in turn; the values differ by the turn. */
export async function fightWith(
  { api, helm, namespaces }: Arena,
  chart: ChartArchive,
  valuesOf: (turn: number) => Record<string, unknown>,
  rounds: number,
): Promise<Duel[]> {
  const taken = new Map<string, { walm: number[]; helm: number[] }>();
  const archive = join(helm.folder, `${chart.name}.tgz`);
  writeFileSync(archive, chart.bytes);
  const files = [1, 2].map((turn) => {
    const file = join(helm.folder, `${chart.name}-${turn}.json`);
    writeFileSync(file, JSON.stringify(valuesOf(turn)));
    return file;
  });
  const [first = '', second = ''] = files;
  const at = { namespace: namespaces.walm };
  // Made beforehand, as the files of the other side are.
  const [body1, body2] = [1, 2].map((turn) => ({ name: 'large', configValues: valuesOf(turn) })) as [Body, Body];

  async function turn(what: string, walm: () => Promise<ApiAnswer>, ...rest: string[]): Promise<void> {
    const both = taken.get(what) ?? { walm: [], helm: [] };
    taken.set(what, both);
    both.walm.push(await timed(async () => answered(what, await settled(api, await walm()))));
    if (rest.length > 0) {
      both.helm.push(await timed(() => helm.run(...rest, '--namespace', namespaces.helm, '--timeout', '15m')));
    }
  }

  for (let round = 0; round < rounds; round += 1) {
    const dry = (validate: 'client' | 'server') => () =>
      api.dryRun({ ...at, body: body1, archive: chart.bytes, query: { validate } });
    await turn('dry run, client', dry('client'), 'install', 'dry', archive, '--dry-run=server', '-f', first);
    await turn('dry run, server', dry('server'));
    await turn(
      'install',
      () => api.install({ ...at, body: body1, archive: chart.bytes, query: WAITING }),
      'install',
      'large',
      archive,
      '-f',
      first,
    );
    for (let i = 0; i < 5; i += 1) await turn('GET', () => api.get(at.namespace, 'large'));
    await turn(
      'upgrade',
      () => api.upgrade({ ...at, body: body2, query: WAITING }),
      'upgrade',
      'large',
      archive,
      '-f',
      second,
    );
    await turn('drift', () => api.send('GET', `/api/v1/release/${at.namespace}/name/large/drift`));
    await turn('delete', () => api.remove(at.namespace, 'large', WAITING), 'uninstall', 'large');
  }
  return [...taken].map(([what, both]) => ({ what, ...both }));
}

type Body = { name: string; configValues: Record<string, unknown> };

/** A busy machine takes its time, and fetch gives up after 300 s. */
const WAITING = { timeoutSec: 240, operationTimeoutSec: 3600 };
const CHECK_EVERY_MS = 500;

/** Result of the change that an answer is about: if the wait ended before the change did, the task has the result. */
async function settled(api: WalmApi, answer: ApiAnswer): Promise<ApiAnswer> {
  const { code, details } = (answer.body ?? {}) as { code?: string; details?: { task?: string } };
  if (code !== 'TIMEOUT_REACHED' || details?.task === undefined) return answer;
  for (;;) {
    const task = await api.task(details.task);
    if (task.body.state === 'succeeded') return { ...answer, status: 200 };
    if (task.status !== 200) return task;
    if (task.body.state === 'failed' || task.body.state === 'cancelled') return { ...task, status: 500 };
    await setTimeout(CHECK_EVERY_MS);
  }
}

function answered(what: string, { status, text }: ApiAnswer): void {
  if (status !== 200) throw new Error(`${what} answered ${status} ${text.slice(0, 500)}`);
}
