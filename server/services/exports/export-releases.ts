import type { ReleaseRequest } from '../../../contract/schemas/release-request.ts';
import type { Warning } from '../../../contract/schemas/warning.ts';
import { questionOf } from '../../domain/access/access-question.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { shareOf, sharerOf } from '../../domain/access/sharer.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import { asTextMap } from '../../domain/json/json-reading.ts';
import type { JsonObject } from '../../domain/json/json.ts';
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
import type { PresentMember, ReadMember } from '../projects/read-member.ts';

export type ExportReleasesDeps = {
  authorization: Pick<Authorization, 'demand'>;
  findSecrets: FindSecrets;
  readMember: ReadMember;
};

export interface ExportInput {
  readonly namespace: string;
  /** Show secret values instead of `***`. */
  readonly secrets: boolean;
  readonly caller: Caller | null;
  readonly requestId: string;
}

/** Releases that belong together, written down as the requests that make them. */
export interface ExportedReleases {
  /** Those that most of them have. */
  readonly commonValues: JsonObject;
  /** In the order in which they were named. */
  readonly releases: ReleaseRequest[];
  readonly warnings: Warning[];
}

/** Writes releases of one namespace down. */
export interface ExportReleases {
  /**
   * Whether the caller may see secrets, if it wants to.
   * @throws ProblemError FORBIDDEN
   */
  admit(input: ExportInput): Promise<void>;
  /**
   * Writes down releases of one project, or one of none. `room` counts what was written before in the same answer.
   * @throws ProblemError RELEASE_TOO_LARGE, and of `readMember`
   */
  write(names: readonly string[], input: ExportInput, room: ExportRoom, signal: AbortSignal): Promise<ExportedReleases>;
}

/** How many characters of releases one answer has already, and whose it is in messages. */
export interface ExportRoom {
  readonly of: string;
  characters: number;
}

/** Reading a release reads its record and its chart. */
const AT_ONCE = 8;
/** The whole export is in memory until it is answered. */
const MAX_CHARACTERS = 32 * 1024 * 1024;

export function createExportReleases(deps: ExportReleasesDeps): ExportReleases {
  /** What of a release is written down, and the common values. */
  async function contentOf({ effective, current, written }: PresentMember, { secrets, caller }: ExportInput) {
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
      releaseLabels: asTextMap(masker.json(releaseLabels)),
      outputs: asTextMap(masker.json(own.outputs)),
      plugins: plugins.map((plugin) => ({ ...plugin, args: masker.text(plugin.args) })),
    };
    return { content, commonValues: values(facts?.commonValues ?? effective.commonValues) };
  }

  return {
    async admit({ secrets, caller, namespace }) {
      if (secrets && caller !== null) {
        const question = questionOf({ verb: 'get', group: '', resource: 'secrets' }, namespace);
        await deps.authorization.demand(caller, [question]);
      }
    },

    async write(names, input, room, signal) {
      const { namespace, caller, requestId } = input;
      const call = { signal, requestId, sharer: sharerOf(caller, namespace) };
      const read = await mapBounded(names, AT_ONCE, async (name) => {
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
      const releases: ReleaseRequest[] = [];
      const warnings: Warning[] = [];
      for (const [at, { present, content, commonValues: own }] of read.entries()) {
        const excluded = Object.keys(automatic[at] ?? {}).filter((key) => !Object.hasOwn(content.dependencies, key));
        const release = exportRelease(content, present.origin, excluded);
        releases.push(release);
        warnings.push(...warningsOf(content.name, present, isSameJson(own, commonValues)));
        room.characters += JSON.stringify(release).length;
        if (room.characters > MAX_CHARACTERS) {
          throw problem(
            'RELEASE_TOO_LARGE',
            `the values of ${room.of} take more than ${MAX_CHARACTERS} characters together: read them release by release`,
            { limit: MAX_CHARACTERS },
          );
        }
      }
      return { commonValues, releases, warnings };
    },
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
