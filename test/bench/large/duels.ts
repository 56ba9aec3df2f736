import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { ChartArchive } from '../../harness/chart-builder.ts';
import type { HelmCli } from '../../harness/helm-cli.ts';
import type { ApiAnswer, WalmApi } from '../../harness/walm-api.ts';
import { type Sample, timed } from '../sample.ts';

/** Durations of the same change by both sides, in milliseconds; `helm` is empty where helm has nothing like it. */
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
  const body = (turn: number) => ({ name: 'large', configValues: valuesOf(turn) });

  async function turn(what: string, walm: () => Promise<ApiAnswer>, ...rest: string[]): Promise<void> {
    const both = taken.get(what) ?? { walm: [], helm: [] };
    taken.set(what, both);
    both.walm.push(await timed(async () => answered(what, await walm())));
    if (rest.length > 0) {
      both.helm.push(await timed(() => helm.run(...rest, '--namespace', namespaces.helm, '--timeout', '15m')));
    }
  }

  for (let round = 0; round < rounds; round += 1) {
    const dry = (validate: 'client' | 'server') => () =>
      api.dryRun({ ...at, body: body(1), archive: chart.bytes, query: { validate } });
    await turn('dry run, client', dry('client'), 'install', 'dry', archive, '--dry-run=server', '-f', first);
    await turn('dry run, server', dry('server'));
    await turn(
      'install',
      () => api.install({ ...at, body: body(1), archive: chart.bytes, query: WAITING }),
      'install',
      'large',
      archive,
      '-f',
      first,
    );
    for (let i = 0; i < 5; i += 1) await turn('GET', () => api.get(at.namespace, 'large'));
    await turn(
      'upgrade',
      () => api.upgrade({ ...at, body: body(2), query: WAITING }),
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

/** A busy machine takes its time. */
const WAITING = { timeoutSec: 900, operationTimeoutSec: 900 };

function answered(what: string, { status, text }: ApiAnswer): void {
  if (status !== 200) throw new Error(`${what} answered ${status} ${text.slice(0, 500)}`);
}
