import type { PlanReason, ProjectPlan } from '../../../contract/schemas/project-preview.ts';
import type { ProjectRequest } from '../../../contract/schemas/project.ts';
import type { Warning } from '../../../contract/schemas/warning.ts';
import { sharerOf } from '../../domain/access/sharer.ts';
import { recordedProviders } from '../../domain/dependencies/release-dependencies.ts';
import { namespaceNotFound } from '../../domain/errors/namespace-problems.ts';
import { releaseHasDependents } from '../../domain/errors/release-problems.ts';
import type { JsonObject } from '../../domain/json/json.ts';
import { releaseKey } from '../../domain/names/release-key.ts';
import { planApplication, reasonsToChange } from '../../domain/projects/apply-plan.ts';
import { wavesOf } from '../../domain/projects/waves.ts';
import { namesChart } from '../../domain/request/names-chart.ts';
import { readReleaseFacts } from '../../domain/release/release-facts.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';
import { isFailed, isInProgress } from '../../domain/revisions/helm-status.ts';
import { type PlannedChange, projectKey } from '../../domain/tasks/task.ts';
import type { Namespaces } from '../../ports/cluster/namespaces.ts';
import { mapBounded } from '../../ports/runtime/map-bounded.ts';
import type { DigestKey } from '../../ports/storage/digest-key.ts';
import type { TaskStore } from '../../ports/storage/task-store.ts';
import type { Authorization } from '../access/authorization.ts';
import type { RefuseDependents } from '../dependencies/refuse-dependents.ts';
import { refuseWarnings } from '../releases/compose/refuse-warnings.ts';
import type { MergeUpgrade } from '../releases/compose/merge-upgrade.ts';
import type { CurrentReleases } from '../releases/observe/current-releases.ts';
import type { MutationOptions } from '../tasks/release-mutation.ts';
import { findUnnamed } from './find-unnamed.ts';
import type { JudgeConnections } from './judge-connections.ts';
import type { JudgedMember, JudgeMembers } from './judge-members.ts';
import { ofMember } from './of-member.ts';
import { type ComparedMember, describeSteps, digestOf, toChanges } from './planned-steps.ts';
import { membersOf } from './read-projects.ts';
import { namesOf, refuseMembers, refuseStranger } from './refuse-members.ts';
import type { ShowValues } from './show-values.ts';

export type PlanProjectDeps = {
  authorization: Pick<Authorization, 'demandRelease'>;
  current: Pick<CurrentReleases, 'list'>;
  digestKey: DigestKey;
  judgeConnections: JudgeConnections;
  judgeMembers: JudgeMembers;
  mergeUpgrade: MergeUpgrade;
  namespaces: Pick<Namespaces, 'exists'>;
  refuseDependents: RefuseDependents;
  showValues: ShowValues;
  store: Pick<TaskStore, 'unfinishedOf'>;
};

/** What a project is to be, and how it becomes that. */
export interface PlanProjectInput {
  readonly namespace: string;
  readonly project: string;
  readonly request: ProjectRequest;
  /** Remove members that the request does not name. */
  readonly remove: boolean;
  /** Delete the claims of those that are removed. */
  readonly deletePvcs: boolean;
  /** Make members of releases that exist and are in no project. */
  readonly adopt: boolean;
  /** Take the newest version of charts that are named without one. */
  readonly refresh: boolean;
  readonly waitReady: boolean;
  readonly allowMissing: boolean;
  /** Each step ends when its release is ready. */
  readonly wait: boolean;
  /** Remove releases even if others depend on them. */
  readonly force: boolean;
  readonly options: Pick<MutationOptions, 'caller' | 'requestId' | 'strict'>;
}

/** A plan as it is shown, and the steps that carry it out. */
export type PlannedProject = { plan: ProjectPlan; steps: PlannedChange[] };

/**
 * Plans how a project becomes what the request says, and nothing else; every release is judged even when an earlier one is
 * refused. Nothing is written. The caller needs the rights of every step.
 * @throws ProblemError PROJECT_EMPTY, NAMESPACE_NOT_FOUND, RELEASE_EXISTS for a release that is not a member, MEMBER_ELSEWHERE,
 * RELEASE_HAS_DEPENDENTS, FORBIDDEN, and the problems of installs and upgrades
 */
export type PlanProject = (input: PlanProjectInput, signal: AbortSignal) => Promise<PlannedProject>;

/** Merging a release reads its chart. */
const AT_ONCE = 8;
export function createPlanProject(deps: PlanProjectDeps): PlanProject {
  /** Refuses a release that may not be changed by this request, before its chart is fetched. */
  async function admit({ namespace, options }: PlanProjectInput, name: string, revision: number): Promise<void> {
    const verb = revision === 0 ? 'create' : 'update';
    await deps.authorization.demandRelease(options.caller, verb, releaseKey(namespace, name));
  }

  async function compare(
    input: PlanProjectInput,
    { member, commonValues, asked }: { member: JudgedMember; commonValues: JsonObject; asked: Record<string, string> },
    signal: AbortSignal,
  ): Promise<ComparedMember> {
    const { namespace, project, options } = input;
    const { name, request, revision, resolved, present, status } = member;
    const automatic = Object.fromEntries(
      Object.entries(request.dependencies ?? {}).filter(([key]) => !Object.hasOwn(asked, key)),
    );
    const isComing = deps.store.unfinishedOf(projectKey(namespace, project)).length > 0;
    const isUnderWay =
      isComing ||
      deps.store.unfinishedOf(releaseKey(namespace, name)).length > 0 ||
      (status !== null && isInProgress(status));
    const underWay: PlanReason[] = isUnderWay ? ['UNDER_WAY'] : [];
    if (revision === 0) {
      return { member, merged: null, reasons: ['NOT_THERE', ...underWay], automatic, isComing };
    }
    if (present === null) {
      return { member, merged: null, reasons: ['CHART_CHANGED', ...underWay], automatic, isComing };
    }
    const { current, written, effective: recorded } = present;
    const kept = namesChart({ request }) ? present.origin : null;
    const merged = await deps.mergeUpgrade(
      {
        request,
        origin: resolved?.origin ?? kept,
        current,
        written,
        caller: options.caller,
        membership: { project, commonValues },
        complete: true,
      },
      { signal, requestId: options.requestId, sharer: sharerOf(options.caller, namespace) },
    );
    const reasons = reasonsToChange({
      recorded,
      wanted: merged.effective,
      chart: { from: present.origin.digest, to: merged.origin.digest },
      automatic,
      failed: status !== null && isFailed(status),
      outside: readReleaseFacts(current.releaseConfig) === null,
    });
    return { member, merged, reasons: [...reasons, ...underWay], automatic, isComing };
  }

  async function refuseRemovals(
    { namespace, force, options }: PlanProjectInput,
    removed: readonly string[],
    members: readonly JudgedMember[],
  ): Promise<void> {
    const keys = removed.map((name) => releaseKey(namespace, name));
    for (const { name, request } of force ? [] : members) {
      const key = releaseKey(namespace, name);
      const needed = recordedProviders(key, request.dependencies ?? {}).find((provider) => keys.includes(provider));
      if (needed !== undefined) {
        const provider = removed[keys.indexOf(needed)] ?? '';
        throw releaseHasDependents(namespace, provider, { named: [key], hidden: 0 });
      }
    }
    if (!force) {
      const changed = members.map(({ name }) => releaseKey(namespace, name));
      await deps.refuseDependents(keys, options.caller, changed);
    }
    for (const key of keys) {
      await deps.authorization.demandRelease(options.caller, 'delete', key);
    }
  }

  return async function planProject(input, signal) {
    const { namespace, project, request, remove, options } = input;
    if (!(await deps.namespaces.exists(namespace))) {
      throw namespaceNotFound(namespace);
    }
    const records = await deps.current.list(namespace);
    const present = membersOf(records, project);
    const names = new Set(namesOf(request));
    const unnamed = findUnnamed(deps.store, input, present, names);
    const { caller, requestId } = options;
    const judged = await deps.judgeMembers(
      {
        namespace,
        project,
        request,
        others: remove ? [] : present.filter(({ name }) => !names.has(name)).map(asOther),
        caller,
        requestId,
        complete: { refresh: input.refresh },
        admit: (name, revision) => admit(input, name, revision),
      },
      signal,
    );
    refuseMembers(namesOf(request), new Map(judged.refused.map((one) => [one.name, one])));
    judged.members.forEach((member) =>
      refuseStranger(member, member.present?.effective.project ?? null, records, input),
    );
    const { commonValues, members } = judged;
    const asked = new Map((request.releases ?? []).map(({ name = '', dependencies = {} }) => [name, dependencies]));
    const found = await mapBounded(members, AT_ONCE, (member) =>
      compare(input, { member, commonValues, asked: asked.get(member.name) ?? {} }, signal),
    );
    const compared = new Map(found.map((one) => [one.member.name, one]));
    const connections = await deps.judgeConnections({ ...input, members }, signal);
    const merging = found.flatMap(({ member, merged }) => ofMember(member.name, merged?.warnings ?? []));
    const warnings: Warning[] = [...connections, ...merging];
    refuseWarnings(warnings, options.strict);
    await refuseRemovals(input, remove ? unnamed.map(({ name }) => name) : [], members);
    const named = found.map(({ member, reasons }) => ({
      name: member.name,
      revision: seenRevision(member),
      after: member.after.filter((other) => names.has(other)),
      reasons,
    }));
    const planned = planApplication(named, unnamed, { remove });
    const key = await deps.digestKey.read();
    const changing = planned.filter(({ action }) => action !== 'none').map(({ name, after }) => ({ name, after }));
    const plan: ProjectPlan = {
      namespace,
      name: project,
      digest: digestOf(key, planned, compared, input),
      waves: wavesOf(changing).map((wave) => wave.map(({ name }) => name)),
      steps: await describeSteps(deps.showValues, caller, planned, compared),
      warnings,
    };
    return { plan, steps: toChanges(input, planned, compared, commonValues) };
  };
}

/** A member that stays as it is: others may depend on it, and it gets no new dependency. */
function asOther({ name, chartName, facts }: ReleaseRecord) {
  return { name, chartName, dependencies: facts?.dependencies ?? {}, metainfo: null };
}

/** The applied revision of a release that is there; 0 for one that is not. */
function seenRevision({ present, revision }: JudgedMember): number {
  return present?.current.revision ?? revision;
}
