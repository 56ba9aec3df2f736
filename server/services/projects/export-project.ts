import type { ProjectExport, ProjectRequest } from '../../../contract/schemas/project.ts';
import type { Warning } from '../../../contract/schemas/warning.ts';
import { questionOf } from '../../domain/access/access-question.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { shareOf, sharerOf } from '../../domain/access/sharer.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import { projectNotFound } from '../../domain/errors/project-problems.ts';
import { asTextMap } from '../../domain/json/json-reading.ts';
import { isSameJson } from '../../domain/json/sorted-json.ts';
import {
  commonOfMost,
  type ExportedContent,
  exportRelease,
  isFetchable,
} from '../../domain/projects/project-export.ts';
import { automaticDependencies } from '../../domain/projects/project-plan.ts';
import { readReleaseFacts } from '../../domain/release/release-facts.ts';
import { PROJECT_LABEL } from '../../domain/request/release-labels.ts';
import { withoutPausePlugin } from '../../domain/workloads/pause-state.ts';
import { mapBounded } from '../../ports/runtime/map-bounded.ts';
import type { Authorization } from '../access/authorization.ts';
import { type FindSecrets, ownSecrets, withOthers } from '../history/kept-secrets.ts';
import type { CurrentReleases } from '../releases/observe/current-releases.ts';
import type { PresentMember, ReadMember } from './read-member.ts';
import { membersOf } from './read-projects.ts';

export type ExportProjectDeps = {
  authorization: Pick<Authorization, 'demand'>;
  current: Pick<CurrentReleases, 'list'>;
  findSecrets: FindSecrets;
  readMember: ReadMember;
};

export interface ExportProjectInput {
  readonly namespace: string;
  readonly project: string;
  /** Show secret values instead of `***`. */
  readonly secrets: boolean;
  readonly caller: Caller | null;
  readonly requestId: string;
}

/**
 * Writes down a project as the request that makes it what it is: applied to the same place it changes nothing.
 * @throws ProblemError PROJECT_NOT_FOUND, RELEASE_TOO_LARGE, FORBIDDEN, and of `readMember`
 */
export type ExportProject = (
  input: ExportProjectInput,
  signal: AbortSignal,
) => Promise<{ exported: ProjectExport; warnings: Warning[] }>;

/** Reading a member reads its record and its chart. */
const AT_ONCE = 8;
/** The whole export is in memory until it is answered. */
const MAX_CHARACTERS = 32 * 1024 * 1024;

export function createExportProject(deps: ExportProjectDeps): ExportProject {
  /** What of a release is written down, and the common values. */
  async function contentOf({ effective, current, written }: PresentMember, { secrets, caller }: ExportProjectInput) {
    const { [PROJECT_LABEL]: _, ...releaseLabels } = effective.releaseLabels;
    const plugins = withoutPausePlugin(effective.plugins);
    const own = { ...effective, releaseLabels, plugins };
    if (secrets) {
      return { content: own, commonValues: effective.commonValues };
    }
    const found = await ownSecrets(
      { revision: current, written: written?.facts ?? null },
      deps.findSecrets,
      shareOf(caller),
    );
    const { masker, values } = withOthers(found, []);
    const facts = readReleaseFacts(current.releaseConfig);
    const content: ExportedContent = {
      ...own,
      configValues: values(facts?.configValues ?? own.configValues),
      releaseLabels: asTextMap(masker.json(releaseLabels, true)),
      outputs: asTextMap(masker.json(own.outputs, true)),
      plugins: plugins.map((plugin) => ({ ...plugin, args: masker.text(plugin.args) })),
    };
    return { content, commonValues: values(facts?.commonValues ?? effective.commonValues) };
  }

  return async function exportProject(input, signal) {
    const { namespace, project, caller, requestId } = input;
    if (input.secrets && caller !== null) {
      await deps.authorization.demand(caller, [questionOf({ verb: 'get', group: '', resource: 'secrets' }, namespace)]);
    }
    const found = membersOf(await deps.current.list(namespace), project);
    const members = found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    if (members.length === 0) {
      throw projectNotFound(namespace, project);
    }
    const call = { signal, requestId, sharer: sharerOf(caller, namespace) };
    const read = await mapBounded(members, AT_ONCE, async ({ name }) => {
      const present = await deps.readMember({ namespace, name, caller }, call);
      return { present, ...(await contentOf(present, input)) };
    });
    const automatic = automaticDependencies(
      read.map(({ present: { effective, chart } }) => ({
        name: effective.name,
        chartName: chart.name,
        dependencies: {},
        metainfo: chart.metainfo,
      })),
    );
    const commonValues = commonOfMost(read.map((one) => one.commonValues));
    const releases: NonNullable<ProjectRequest['releases']> = [];
    const warnings: Warning[] = [];
    let characters = 0;
    for (const [at, { present, content, commonValues: own }] of read.entries()) {
      const excluded = Object.keys(automatic[at] ?? {}).filter((key) => !Object.hasOwn(content.dependencies, key));
      const release = exportRelease(content, present.origin, excluded);
      releases.push(release);
      warnings.push(...warningsOf(content.name, present, isSameJson(own, commonValues)));
      characters += JSON.stringify(release).length;
      if (characters > MAX_CHARACTERS) {
        throw problem(
          'RELEASE_TOO_LARGE',
          `the values of project ${namespace}/${project} take more than ${MAX_CHARACTERS} characters together: read them release by release`,
          { limit: MAX_CHARACTERS },
        );
      }
    }
    return { exported: { kind: 'Project', namespace, name: project, commonValues, releases }, warnings };
  };
}

function warningsOf(name: string, { origin }: PresentMember, isCommon: boolean): Warning[] {
  return [
    ...(isFetchable(origin)
      ? []
      : [
          {
            code: 'CHART_NOT_EXPORTED',
            message: `release ${name}: its chart came from an archive, and is not named: elsewhere, name one`,
          },
        ]),
    ...(isCommon
      ? []
      : [
          {
            code: 'COMMON_VALUES_DIFFER',
            message: `release ${name}: its common values are not those of most releases of the project, which are exported`,
          },
        ]),
  ];
}
