import type { Warning } from '../../../contract/schemas/warning.ts';
import type { ProjectRequest } from '../../../contract/schemas/project.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { namespaceNotFound } from '../../domain/errors/namespace-problems.ts';
import { problem, ProblemError } from '../../domain/errors/problem-error.ts';
import { releaseExists } from '../../domain/errors/release-problems.ts';
import { differObjects } from '../../domain/history/object-difference.ts';
import { asObject } from '../../domain/json/json-reading.ts';
import { type ReleaseKey, releaseKey } from '../../domain/names/release-key.ts';
import { wavesOf } from '../../domain/projects/waves.ts';
import type { Namespaces } from '../../ports/cluster/namespaces.ts';
import { mapBounded } from '../../ports/runtime/map-bounded.ts';
import type { DigestKey } from '../../ports/storage/digest-key.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import type { Authorization } from '../access/authorization.ts';
import { asProvided, type ForetoldProvider } from '../dependencies/read-provider.ts';
import { refuseWarnings } from '../releases/compose/refuse-warnings.ts';
import type { OutputsAfter } from '../releases/preview/outputs-after.ts';
import type { DryRunRendering, RenderDryRun } from '../releases/preview/render-dry-run.ts';
import type { JudgedMember, JudgeMembers, RefusedMember } from './judge-members.ts';
import { ofMember } from './of-member.ts';
import { namesOf, refuseMembers } from './refuse-members.ts';
import { membersOf } from './read-projects.ts';

export type RenderProjectDeps = {
  authorization: Pick<Authorization, 'demandRelease'>;
  cache: Pick<ReleaseCache, 'list'>;
  digestKey: DigestKey;
  judgeMembers: JudgeMembers;
  namespaces: Pick<Namespaces, 'exists'>;
  outputsAfter: OutputsAfter;
  renderDryRun: RenderDryRun;
};

export interface RenderProjectInput {
  readonly namespace: string;
  readonly project: string;
  readonly request: ProjectRequest;
  readonly strict: boolean;
  /** Whether the API server validates every object. */
  readonly validate: 'server' | 'client';
  /** Also return the documents as the charts rendered them. */
  readonly originals?: boolean;
  readonly caller: Caller | null;
  readonly requestId: string;
}

/** What one release of the project would be. It contains secrets: mask what is shown. */
export type RenderedMember = { name: string; rendering: DryRunRendering };

/**
 * Renders the releases of a project as they would be installed, or upgraded if they are members already: in the order of
 * their dependencies, each with the outputs that those before it would have. Nothing is written.
 *
 * Every release is judged, even when an earlier one is refused: the error is that of the first refused one in the order of
 * the request, and `details.releases` has all of them.
 * @throws ProblemError PROJECT_EMPTY, NAMESPACE_NOT_FOUND, RELEASE_TOO_LARGE, and the problems of dry runs
 */
export type RenderProject = (
  input: RenderProjectInput,
  signal: AbortSignal,
) => Promise<{ members: RenderedMember[]; warnings: Warning[] }>;

/** Rendering takes a place of the engine, which shares them between callers. */
const AT_ONCE = 4;
/** All renderings are in memory until they are answered. */
const MAX_CHARACTERS = 32 * 1024 * 1024;

export function createRenderProject(deps: RenderProjectDeps): RenderProject {
  /** A release that exists is upgraded if it is a member, and the caller may do that. */
  async function admit({ name, revision }: JudgedMember, { namespace, project, caller }: RenderProjectInput) {
    if (revision === 0) {
      return;
    }
    if (!membersOf(await deps.cache.list(namespace), project).some((record) => record.name === name)) {
      throw releaseExists(namespace, name, revision);
    }
    await deps.authorization.demandRelease(caller, 'update', releaseKey(namespace, name));
  }

  async function foretell(
    { namespace, caller }: RenderProjectInput,
    name: string,
    rendering: DryRunRendering,
  ): Promise<{ provider: ForetoldProvider; warnings: Warning[] }> {
    const { values, missing } = await deps.outputsAfter({ namespace, name }, rendering, caller);
    const { existing, chartVersion, masker } = rendering;
    const record = {
      key: releaseKey(namespace, name),
      // A release that would stay as it is keeps its revision.
      revision: (existing?.revision ?? 0) + (isUnchanged(rendering) ? 0 : 1),
      chartVersion,
    };
    const provided = asProvided(await deps.digestKey.read(), values, asObject(masker.json(values)));
    const unknown = missing.map(({ name: output, reason }) => ({
      code: 'OUTPUT_UNKNOWN',
      message: `the output ${output} is not known before the release is installed: ${masker.text(reason)}`,
    }));
    return { provider: { record, ...provided }, warnings: unknown };
  }

  return async function renderProject(input, signal) {
    const { namespace, project, caller, requestId, strict } = input;
    if (!(await deps.namespaces.exists(namespace))) {
      throw namespaceNotFound(namespace);
    }
    const judged = await deps.judgeMembers({ namespace, project, request: input.request, caller, requestId }, signal);
    const { commonValues } = judged;
    const refused = new Map<string, RefusedMember>(judged.refused.map((one) => [one.name, one]));
    const coming = new Set<ReleaseKey>(namesOf(input.request).map((name) => releaseKey(namespace, name)));
    const providers = new Map<ReleaseKey, ForetoldProvider>();
    const rendered: RenderedMember[] = [];
    const warnings: Warning[] = [];
    let characters = 0;

    const renderOne = async (member: JudgedMember): Promise<void> => {
      const { name, request } = member;
      try {
        await admit(member, input);
        const rendering = await deps.renderDryRun(
          {
            namespace,
            request,
            strict,
            validate: input.validate,
            ...(input.originals === true && { originals: true }),
            membership: { project, commonValues },
            together: { foretold: (key) => providers.get(key) ?? null, isComing: (key) => coming.has(key) },
            caller,
            requestId,
          },
          signal,
        );
        const { provider, warnings: unknown } = await foretell(input, name, rendering);
        providers.set(provider.record.key, provider);
        rendered.push({ name, rendering });
        warnings.push(...ofMember(name, [...rendering.warnings, ...unknown]));
        characters += rendering.rendered.manifest.length;
      } catch (error) {
        if (!(error instanceof ProblemError)) {
          throw error;
        }
        refused.set(name, { name, error });
      }
    };

    for (const wave of wavesOf(judged.members)) {
      await mapBounded(wave, AT_ONCE, renderOne);
      if (characters > MAX_CHARACTERS) {
        throw problem(
          'RELEASE_TOO_LARGE',
          `the objects of project ${namespace}/${project} take more than ${MAX_CHARACTERS} characters together: preview fewer releases at a time`,
          { limit: MAX_CHARACTERS },
        );
      }
    }
    refuseMembers(namesOf(input.request), refused);
    refuseWarnings(warnings, strict);
    return { members: rendered, warnings };
  };
}

function isUnchanged({ existing, rendered, masker }: DryRunRendering): boolean {
  return existing !== null && differObjects(existing.objects, rendered.documents, masker).length === 0;
}
