import { everything, small } from '../faults/fault-charts.ts';
import { chartForm } from '../harness/clients/walm-api.ts';
import type { CarefulClient, Order } from './careful-client.ts';
import { absent, after, type ExpectedRelease, type Wanted } from '../model/expected-release.ts';
import type { SeededRandom } from '../harness/seeded-random.ts';

/** What a load did, and the state that is expected now. */
export interface Load {
  expected: ExpectedRelease[];
  /** Number of changes by kind and result. */
  counts: Map<string, number>;
  /** Answers that no caller should get, or changes that did not end. */
  problems: string[];
}

type Body = { name: string; configValues?: { value: string } };

/** A change of a release with an uploaded archive. */
function apply(method: string, namespace: string, body: Body, archive?: Buffer): Order {
  const path = `/api/v1/release/${namespace}`;
  return archive === undefined
    ? { method, path, body: JSON.stringify(body) }
    : { method, path: `${path}/withchart`, body: chartForm(body, archive) };
}

/**
 * Changes releases of its own, one change after the other for each, until the signal is aborted; resolves when the last
 * change of each has ended.
 */
export async function runLoad(
  client: CarefulClient,
  random: SeededRandom,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<Load> {
  const load: Load = { expected: [], counts: new Map(), problems: [] };

  /** Answers what is to be there then, and the task that was carried out. */
  async function change(before: ExpectedRelease, kind: string, order: Order, wanted: Required<Omit<Wanted, 'label'>>) {
    const outcome = await client.change(order);
    const end = 'task' in outcome ? outcome.task.state : 'refused';
    const code = 'task' in outcome ? (outcome.task.error?.code ?? '') : outcome.refused.slice(0, 160);
    const line = `${kind} ${end}${code === '' ? '' : ` (${code})`}`;
    load.counts.set(line, (load.counts.get(line) ?? 0) + 1);
    const next = 'refused' in outcome ? before : after(before, wanted, end === 'succeeded');
    return { next, revision: end === 'succeeded' && 'task' in outcome ? outcome.task.revision : undefined };
  }

  /** A release that goes through every possible operation. */
  async function life(namespace: string, name: string): Promise<void> {
    let expected = absent(namespace, name);
    const path = `/api/v1/release/${namespace}/name/${name}`;
    const revisions = new Map<number, string>();
    for (let count = 1; !signal.aborted; count += 1) {
      const [value] = expected.values;
      const paused = expected.paused.has(true);
      const now: Required<Omit<Wanted, 'label'>> = { exists: true, value: value ?? '', paused };
      const fresh = `v${count}`;
      const body = { name, configValues: { value: fresh } };
      const [back] = [...revisions].slice(-4);
      const verb = expected.exists.has(false)
        ? 'install'
        : random.pick(['upgrade', 'upgrade', 'pause', 'recover', 'rollback', 'delete']);
      const post = (what: string, query = ''): Order => ({ method: 'POST', path: `${path}/${what}${query}` });
      const upsert = '?upsert=true';
      const orders: Record<string, [Order, Required<Omit<Wanted, 'label'>>]> = {
        install: [
          {
            ...apply('POST', namespace, body, everything.bytes),
            path: `/api/v1/release/${namespace}/withchart${upsert}`,
          },
          { ...now, value: fresh },
        ],
        upgrade: [apply('PUT', namespace, body), { ...now, value: fresh }],
        pause: [post('pause'), { ...now, paused: true }],
        recover: [post('recover'), { ...now, paused: false }],
        rollback: [post('rollback', `?revision=${back?.[0] ?? 0}`), { ...now, value: back?.[1] ?? '' }],
        delete: [
          { method: 'DELETE', path },
          { exists: false, value: '', paused: false },
        ],
      };
      const [order, wanted] = orders[verb] ?? [];
      if (order === undefined || wanted === undefined || (verb === 'rollback' && back === undefined)) continue;
      const { next, revision } = await change(expected, verb, order, wanted);
      expected = next;
      if (verb === 'delete') revisions.clear();
      else if (revision !== undefined) revisions.set(revision, wanted.value);
    }
    load.expected.push(expected);
  }

  /** A provider whose outputs change, and its dependent, which no request touches. */
  async function pair(namespace: string, provider: string, name: string): Promise<void> {
    const made = { name: provider, outputs: { value: 'values:value' }, configValues: { value: 'first' } };
    const at = { exists: true, value: 'first', paused: false };
    let { next } = await change(
      absent(namespace, provider),
      'install provider',
      apply('POST', namespace, made, small.bytes),
      at,
    );
    const body = { name, dependencies: { db: provider } };
    const order = apply('POST', namespace, body, small.bytes);
    const dependent = await change(absent(namespace, name), 'install dependent', order, { ...at, value: 'one' });
    for (let count = 1; !signal.aborted; count += 1) {
      const value = `v${count}`;
      const upgrade = apply('PUT', namespace, { name: provider, configValues: { value } });
      ({ next } = await change(next, 'upgrade provider', upgrade, { ...at, value }));
    }
    load.expected.push(next, { ...dependent.next, provider });
  }

  const guarded = (about: string, work: Promise<void>): Promise<void> =>
    work.catch((error: unknown) => void load.problems.push(`${about}: ${String(error)}`));
  await Promise.all(
    namespaces.flatMap((namespace) => [
      guarded(`${namespace}/app-1`, life(namespace, 'app-1')),
      guarded(`${namespace}/app-2`, life(namespace, 'app-2')),
      guarded(`${namespace}/provider`, pair(namespace, 'provider', 'dependent')),
    ]),
  );
  return load;
}
