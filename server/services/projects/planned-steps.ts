import { createHmac } from 'node:crypto';
import type { PathDifference } from '../../../contract/schemas/object-difference.ts';
import type { PlannedStep, PlanReason } from '../../../contract/schemas/project-preview.ts';
import type { JsonValue } from '../../../contract/schemas/json.ts';
import type { Caller } from '../../domain/access/caller.ts';
import type { JsonObject } from '../../domain/json/json.ts';
import { sortedJson } from '../../domain/json/sorted-json.ts';
import type { PlanStep } from '../../domain/projects/apply-plan.ts';
import type { PlannedChange } from '../../domain/tasks/task.ts';
import type { ChartFacts } from '../charts/chart-facts.ts';
import type { MergedUpgrade } from '../releases/compose/merge-upgrade.ts';
import type { JudgedMember } from './judge-members.ts';
import type { ShowValues } from './show-values.ts';

/** A release that the request names, compared with the one that is there. */
export type ComparedMember = {
  member: JudgedMember;
  merged: MergedUpgrade | null;
  reasons: PlanReason[];
  automatic: Record<string, string>;
  /** An unfinished change of the project may install or remove it. */
  isComing: boolean;
};

/** All differences of values together, as JSON. */
const MAX_VALUES_BYTES = 1024 * 1024;

/** The steps as they are shown, without secrets. */
export async function describeSteps(
  showValues: ShowValues,
  caller: Caller | null,
  planned: readonly PlanStep[],
  compared: ReadonlyMap<string, ComparedMember>,
): Promise<PlannedStep[]> {
  let left = MAX_VALUES_BYTES;
  const steps: PlannedStep[] = [];
  for (const { name, ...step } of planned) {
    const one = compared.get(name);
    const present = one?.member.present;
    const isShown = step.action === 'upgrade' && present !== undefined && present !== null;
    const merged = one?.merged ?? null;
    const differences = isShown && merged !== null ? await showValues(present, merged, caller) : [];
    const bytes = differences.length === 0 ? 0 : JSON.stringify(differences).length;
    const values: PathDifference[] = bytes <= left ? differences : [];
    left -= bytes <= left ? bytes : 0;
    const dependencies = one?.member.request.dependencies ?? {};
    steps.push({
      release: name,
      ...step,
      reasons: [...step.reasons],
      chart: chartsOf(one, step.action),
      values,
      ...(values !== differences && { valuesLeftOut: true as const }),
      dependencies: Object.fromEntries(Object.entries(dependencies).filter(([, provider]) => provider !== '')),
      automatic: one?.automatic ?? {},
    });
  }
  return steps;
}

function chartsOf(one: ComparedMember | undefined, action: PlannedStep['action']): PlannedStep['chart'] {
  if (one === undefined) {
    return { from: null, to: null };
  }
  const { member, merged } = one;
  const { present, resolved } = member;
  const shown = ({ name, version }: Pick<ChartFacts, 'name' | 'version'>, digest: string) => ({
    name,
    version,
    digest,
  });
  const from = present === null ? null : shown(present.chart, present.origin.digest);
  if (merged !== null) {
    return { from, to: action === 'none' ? from : shown(merged.chart, merged.origin.digest) };
  }
  return { from, to: resolved === null ? from : shown(member.chart, resolved.origin.digest) };
}

/** HMAC of everything that the plan is made of: a visible digest must not help to guess a secret value. */
export function digestOf(
  key: Uint8Array,
  planned: readonly PlanStep[],
  compared: ReadonlyMap<string, ComparedMember>,
  { namespace, project, deletePvcs }: { namespace: string; project: string; deletePvcs: boolean },
): string {
  const steps = planned.map((step) => {
    const one = compared.get(step.name);
    const wanted = one === undefined ? null : (one.merged?.effective ?? one.member.request);
    const chart = one?.merged?.origin.digest ?? one?.member.resolved?.origin.digest ?? null;
    const claims = step.action === 'remove' && deletePvcs;
    return { ...step, wanted, chart, claims };
  });
  const made = JSON.parse(JSON.stringify({ namespace, project, steps })) as JsonValue;
  return createHmac('sha256', key).update(sortedJson(made)).digest('hex');
}

/** What the steps have in common. */
type ChangeTerms = {
  project: string;
  deletePvcs: boolean;
  adopt: boolean;
  waitReady: boolean;
  allowMissing: boolean;
  wait: boolean;
};

/** The release tasks that carry a plan out, those that change nothing left out. */
export function toChanges(
  { project, deletePvcs, adopt, waitReady, allowMissing, wait }: ChangeTerms,
  planned: readonly PlanStep[],
  compared: ReadonlyMap<string, ComparedMember>,
  commonValues: JsonObject,
): PlannedChange[] {
  return planned.flatMap(({ name, action, after, revision }): PlannedChange[] => {
    if (action === 'remove') {
      const order = { kind: 'delete', deletePvcs, ignoreNotFound: true } as const;
      return [{ release: name, after, seen: revision, order }];
    }
    const one = compared.get(name);
    if (one === undefined || action === 'none') {
      return [];
    }
    const { member, merged } = one;
    const origin = merged?.origin ?? member.resolved?.origin ?? null;
    const terms = {
      request: member.request,
      createNamespace: false,
      crds: 'create',
      waitReady,
      allowMissing,
      membership: { project, commonValues },
      ...(wait && { wait }),
      // Whether it will be there is decided by the change of the project that is under way.
      ...(one.isComing && { upsert: true }),
      complete: adopt ? 'adopted' : 'member',
    } as const;
    return action === 'install' && origin !== null
      ? [{ release: name, after, seen: revision, order: { kind: 'install', ...terms, origin } }]
      : [{ release: name, after, seen: revision, order: { kind: 'upgrade', ...terms, origin } }];
  });
}
