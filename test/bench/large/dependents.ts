import { buildChart } from '../../harness/charts/chart-builder.ts';
import { eventually } from '../../harness/eventually.ts';
import type { WalmApi } from '../../harness/clients/walm-api.ts';
import { throughput } from '../sample.ts';
import type { Growth } from './curves.ts';

const provider = buildChart('provider', {
  'values.yaml': 'own: 0\n',
  'templates/none.yaml': '',
}).bytes;
const dependent = buildChart('dependent', {
  'templates/got.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\ndata: {got: {{ .Values | toJson | quote }}}\n',
}).bytes;

const IN_FLIGHT = 8;

/** Makes providers with so many, twice, four times and eight times as many dependents; the work is one change of a provider. */
export async function growthOfDependents(
  api: WalmApi,
  few: number,
  namespaces: { namespace: string; count: number }[],
): Promise<Growth> {
  for (const { namespace, count } of namespaces) {
    const body = { name: 'provider', outputs: { it: 'values:own' } };
    await api.mustInstall({ namespace, body, archive: provider });
    await throughput(count, IN_FLIGHT, (i) =>
      api.mustInstall({
        namespace,
        body: { name: `follows-${i}`, dependencies: { up: 'provider' } },
        archive: dependent,
      }),
    );
  }
  let own = 0;
  return {
    what: 'dependents of a release, from its upgrade until all have followed',
    few,
    async work(count) {
      const { namespace = '' } = namespaces.find((one) => one.count === count) ?? {};
      own += 1;
      const before = await revisions(api, namespace);
      const { status, text } = await api.upgrade({ namespace, body: { name: 'provider', configValues: { own } } });
      if (status !== 200) throw new Error(`the upgrade of the provider answered ${status} ${text}`);
      await eventually(
        async () => {
          const rest = [...(await revisions(api, namespace))].filter(([name, now]) => now <= (before.get(name) ?? 0));
          if (rest.length > 0) throw new Error(`${rest.length} have not followed`);
        },
        { everyMs: 100, withinMs: 600_000 },
      );
    },
  };
}

async function revisions(api: WalmApi, namespace: string): Promise<Map<string, number>> {
  const { body } = await api.list(namespace, { view: 'summary' });
  return new Map(body.items.map(({ name, version }) => [name, version]));
}
