import type { ProjectRequest } from '../../../contract/schemas/project.ts';
import type { JsonValue } from '../../../contract/schemas/json.ts';
import { sharerOf } from '../../domain/access/sharer.ts';
import { ProblemError } from '../../domain/errors/problem-error.ts';
import { namespaceNotFound } from '../../domain/errors/namespace-problems.ts';
import type { ProjectMember } from '../../domain/projects/project-plan.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';
import { type MemberChange, neededArchives } from '../../domain/tasks/task.ts';
import type { Namespaces } from '../../ports/cluster/namespaces.ts';
import { mapBounded } from '../../ports/runtime/map-bounded.ts';
import type { KeepArchive } from '../charts/keep-archive.ts';
import { refuseWarnings } from '../releases/compose/refuse-warnings.ts';
import type { CurrentReleases } from '../releases/observe/current-releases.ts';
import type { AwaitOutcome } from '../tasks/await-outcome.ts';
import type { FindRepeated } from '../tasks/find-repeated.ts';
import type { MutationOptions, MutationOutcome } from '../tasks/release-mutation.ts';
import type { SubmitTask } from '../tasks/submit-task.ts';
import type { JudgeConnections } from './judge-connections.ts';
import type { JudgedMembers, JudgeMembers } from './judge-members.ts';
import type { ReadMember } from './read-member.ts';
import { membersOf } from './read-projects.ts';
import { refuseStranger } from './refuse-members.ts';

export type AddMembersDeps = {
  current: Pick<CurrentReleases, 'list'>;
  namespaces: Pick<Namespaces, 'exists'>;
  findRepeated: FindRepeated;
  readMember: ReadMember;
  judgeMembers: JudgeMembers;
  judgeConnections: JudgeConnections;
  keepArchive: KeepArchive;
  submitTask: SubmitTask;
  awaitOutcome: AwaitOutcome;
};

export interface AddMembersInput {
  readonly namespace: string;
  readonly project: string;
  readonly request: ProjectRequest;
  /** Make members of releases that exist and are in no project. */
  readonly adopt: boolean;
  readonly waitReady: boolean;
  readonly allowMissing: boolean;
  readonly options: MutationOptions;
}

/** Reading a member reads its record and its chart. */
const AT_ONCE = 8;

/**
 * Accepts releases for a project, which is created if it does not exist: new ones are installed, members that are named
 * are upgraded, and members whose charts depend on the chart of a new one, and have no entry for it, get that dependency.
 * Whatever can be known in advance is refused before anything is written.
 * @throws ProblemError PROJECT_EMPTY, NAMESPACE_NOT_FOUND, RELEASE_EXISTS for a release that is not a member, MEMBER_ELSEWHERE,
 * the problems of installs and upgrades, and the problem that the task fails with
 */
export type AddMembers = (input: AddMembersInput, signal: AbortSignal) => Promise<MutationOutcome>;

export function createAddMembers(deps: AddMembersDeps): AddMembers {
  /** Members that are not named. One whose chart is not known any more is connected with nothing new. */
  async function readOthers(
    records: readonly ReleaseRecord[],
    { namespace, options: { caller, requestId } }: AddMembersInput,
    signal: AbortSignal,
  ): Promise<ProjectMember[]> {
    const call = { signal, requestId, sharer: sharerOf(caller, namespace) };
    return mapBounded(records, AT_ONCE, async ({ name, chartName, facts }) => {
      try {
        const { chart, dependencies } = await deps.readMember({ namespace, name, caller }, call);
        return { name, chartName: chart.name, dependencies, metainfo: chart.metainfo };
      } catch (error) {
        if (!(error instanceof ProblemError)) {
          throw error;
        }
        return { name, chartName, dependencies: facts?.dependencies ?? {}, metainfo: null };
      }
    });
  }

  return async function addMembers(input, signal) {
    const { namespace, project, request, options } = input;
    const { caller, requestId } = options;
    const asked = askedOf(input);
    const repeated = await deps.findRepeated({ namespace, release: project, asked, options });
    if (repeated !== null) {
      return deps.awaitOutcome(repeated, options.waiting, signal);
    }
    if (!(await deps.namespaces.exists(namespace))) {
      throw namespaceNotFound(namespace);
    }
    const records = await deps.current.list(namespace);
    const members = membersOf(records, project);
    const named = new Set((request.releases ?? []).map(({ name }) => name));
    const others = await readOthers(
      members.filter(({ name }) => !named.has(name)),
      input,
      signal,
    );
    const judged = await deps.judgeMembers({ namespace, project, request, others, caller, requestId }, signal);
    const [first] = judged.refused;
    if (first !== undefined) {
      throw first.error;
    }
    judged.members.forEach((member) => refuseStranger(member, null, records, input));
    const warnings = await deps.judgeConnections({ ...input, members: judged.members }, signal);
    refuseWarnings(warnings, options.strict);
    const steps = toSteps(input, judged, new Set(members.map(({ name }) => name)));
    const order = { kind: 'changeProject', steps } as const;
    const stored = await deps.submitTask({
      namespace,
      release: '',
      project,
      order,
      asked,
      warnings: [...options.warnings, ...warnings],
      options,
      seen: { history: [], ownConfig: null },
      keepArchive: async (task) => {
        const digests = new Set(neededArchives(order));
        await Promise.all([...digests].map((digest) => deps.keepArchive(namespace, digest, { task, as: caller })));
        return true;
      },
    });
    return deps.awaitOutcome(stored, options.waiting, signal);
  };
}

function askedOf({ request, adopt, waitReady, allowMissing }: AddMembersInput): JsonValue {
  return JSON.parse(JSON.stringify({ verb: 'addMembers', request, adopt, waitReady, allowMissing })) as JsonValue;
}

function toSteps(
  { project, waitReady, allowMissing }: AddMembersInput,
  judged: Pick<JudgedMembers, 'commonValues' | 'members' | 'rewired'>,
  present: ReadonlySet<string>,
): MemberChange[] {
  const changed = new Set([...judged.members, ...judged.rewired].map(({ name }) => name));
  const terms = { createNamespace: false, crds: 'create', waitReady, allowMissing } as const;
  const membership = { project, commonValues: judged.commonValues };
  const own = judged.members.map(({ name, request, resolved, revision, after }): MemberChange => {
    const content = { ...terms, request, ...(!present.has(name) && { membership }) };
    return {
      release: name,
      after: after.filter((other) => changed.has(other)),
      order:
        revision === 0 && resolved !== null
          ? { kind: 'install', ...content, origin: resolved.origin }
          : { kind: 'upgrade', ...content, origin: resolved?.origin ?? null },
    };
  });
  const rewired = judged.rewired.map(({ name, dependencies, after }): MemberChange => ({
    release: name,
    after: after.filter((other) => changed.has(other)),
    order: { kind: 'upgrade', ...terms, request: { name, dependencies }, origin: null },
  }));
  return [...own, ...rewired];
}
