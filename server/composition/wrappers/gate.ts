import type { Caller } from '../../domain/access/caller.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import type { HelmAdapter } from '../../ports/gate/gated-adapters.ts';
import { issuePass, type PassedCall, type TaskPass } from '../../ports/gate/passes.ts';
import type { HelmEngine } from '../../ports/helm/helm-engine.ts';
import type { EngineCall } from '../../ports/helm/engine-call.ts';
import type { RewriteSealing } from '../../ports/helm/helm-changes.ts';
import type { Leadership, Term } from '../../ports/storage/leadership.ts';
import type { RecordSeals } from '../../ports/storage/record-seals.ts';
import type { TextSeal } from '../../ports/storage/text-seal.ts';
import type { Cluster, ClusterAdapter } from '../adapters/cluster.ts';
import { gateCluster } from './gated-cluster.ts';
import { type AroundWrites, type Write, type WriteRule, WRITES } from './writes.ts';
import { type Around, type VerbCall, wrapVerbs } from './wrap-verbs.ts';

export interface GateDeps {
  readonly leadership: Pick<Leadership, 'term'>;
  /** Null: revisions are not sealed. */
  readonly recordSeals: Pick<RecordSeals, 'make'> | null;
  readonly taskSeal: Pick<TextSeal, 'seal'>;
  readonly around?: AroundWrites | undefined;
}

/** The ports as the rest of the server uses them: their writes go through the gate. */
export interface Gate {
  helm(helm: HelmAdapter): HelmEngine;
  cluster(cluster: ClusterAdapter): Cluster;
}

const plainly: AroundWrites = (write, act) => act(write.args);

/** Whose identity a write uses; the table says which argument has it. */
function callerOf({ rule, args }: VerbCall<WriteRule>): Caller | null {
  switch (rule.by) {
    case 'request':
      return (args[0] as { identity: Caller | null }).identity;
    case 'last':
      return args.at(-1) as Caller | null;
    case 'walm':
      return null;
  }
}

/**
 * The one place that every write to the cluster passes. It lets only the leader change releases, checked at each step
 * (decision 26: only the leader changes releases), because a process that was frozen continues in the middle of a change
 * that another replica may have taken over. It knows whose identity each write uses, and adds its seal. An operation of
 * the engine is many writes: it gets the term in which it may write, and the engine checks the clock before each.
 */
export function createGate({ leadership, recordSeals, taskSeal, around = plainly }: GateDeps): Gate {
  /** @throws ProblemError CLUSTER_UNREACHABLE, which means that the outcome of the change is unknown */
  function termFor({ replica }: WriteRule): Term | null {
    const term = leadership.term();
    if (term === null && replica === 'leader') {
      throw problem(
        'CLUSTER_UNREACHABLE',
        'this replica is no longer the leader: it could not renew its lease in time',
      );
    }
    return replica === 'leader' ? term : null;
  }

  /** The arguments for the adapter, with what only the gate adds. */
  function passed({ rule, args }: VerbCall<WriteRule>, write: Write): readonly unknown[] {
    const term = termFor(rule);
    if (write.port === 'helm') {
      const [request, call] = args as readonly [{ sealing?: RewriteSealing }, EngineCall?];
      const { keeps: { by } = write, ...sealing } = request.sealing ?? {};
      const seals = rule.seal === 'none' ? null : recordSeals;
      const change = { by, operation: rule.seal, ...sealing };
      const seal: PassedCall['seal'] = seals && ((facts) => seals.make(facts, change));
      return [request, issuePass({ ...call, term, seal }) satisfies PassedCall];
    }
    if (rule.seal === 'task') {
      return [...args, issuePass({ seal: (text: string) => taskSeal.seal(text) }) satisfies TaskPass];
    }
    return [...args, issuePass({})];
  }

  const at =
    (port: keyof typeof WRITES): Around<WriteRule> =>
    (call, act) => {
      const by = callerOf(call);
      const write = { port, verb: call.verb, by, args: call.args } as Write;
      return around(write, async (args) => act(passed({ ...call, args }, write)));
    };

  return {
    helm: (helm) => wrapVerbs<HelmEngine, WriteRule>(helm, WRITES.helm, at('helm')),
    cluster: (cluster) => gateCluster(cluster, at),
  };
}
