import type { MemberTotals, ProjectDifference, ProjectTotals } from '../../../contract/schemas/project-preview.ts';
import type { Warning } from '../../../contract/schemas/warning.ts';
import { differObjects } from '../../domain/history/object-difference.ts';
import type { JsonObject } from '../../domain/json/json.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { EstimateRenderings } from '../releases/preview/estimate-renderings.ts';
import { dependentWarnings, type PreviewDependents } from '../releases/preview/preview-dependents.ts';
import { type DryRunView, showObjects } from '../releases/preview/show-objects.ts';
import { ofMember } from './of-member.ts';
import type { RenderProject, RenderProjectInput } from './render-project.ts';

export type PreviewProjectDeps = {
  renderProject: RenderProject;
  previewDependents: PreviewDependents;
  estimateRenderings: EstimateRenderings;
  clock: Pick<Clock, 'now'>;
};

/** Something shown, and the warnings about it. */
type Shown<Answer> = Promise<{ answer: Answer; warnings: readonly Warning[] }>;

/** Previews of a project: what `renderProject` says, in three forms, without secrets. All throw its problems. */
export interface PreviewProject {
  /** The objects of all releases, those of a provider before those of its dependents. */
  readonly dryRunProject: (input: RenderProjectInput & DryRunView, signal: AbortSignal) => Shown<JsonObject[]>;
  /** The differences from what the releases are now, and which other releases would follow. */
  readonly compareProject: (input: RenderProjectInput, signal: AbortSignal) => Shown<ProjectDifference>;
  /** What each release would request, in the same order. */
  readonly estimateProject: (input: RenderProjectInput, signal: AbortSignal) => Shown<MemberTotals[]>;
  /** The same, and what all of them would request together, and whether that fits into the quotas. */
  readonly sumProject: (input: RenderProjectInput, signal: AbortSignal) => Shown<ProjectTotals>;
}

export function createPreviewProject(deps: PreviewProjectDeps): PreviewProject {
  const { renderProject, previewDependents, estimateRenderings, clock } = deps;

  async function estimate(input: RenderProjectInput, signal: AbortSignal) {
    const { members, warnings } = await renderProject({ ...input, originals: true }, signal);
    const releases: MemberTotals[] = [];
    const found = [...warnings];
    for (const { name, rendering } of members) {
      const { totals, warnings: own } = await estimateRenderings(input, [rendering], signal);
      releases.push({ name, ...totals });
      found.push(...ofMember(name, own));
    }
    return { members, releases, warnings: found };
  }

  return {
    async dryRunProject(input, signal) {
      const { members, warnings } = await renderProject(input, signal);
      const answer: JsonObject[] = [];
      const found = [...warnings];
      for (const { name, rendering } of members) {
        answer.push(...(await showObjects(rendering, input, clock)));
        found.push(...ofMember(name, dependentWarnings(await previewDependents(rendering, input.caller))));
      }
      return { answer, warnings: found };
    },

    async compareProject(input, signal) {
      const { members, warnings } = await renderProject(input, signal);
      const names = new Set(members.map(({ name }) => name));
      const releases: ProjectDifference['releases'] = [];
      for (const { name, rendering } of members) {
        const { existing, rendered, masker } = rendering;
        const objects = differObjects(existing?.objects ?? [], rendered.documents, masker);
        const { dependents: all, hidden } = await previewDependents(rendering, input.caller);
        // Members are in the answer themselves.
        const dependents = all.filter((one) => one.namespace !== input.namespace || !names.has(one.name));
        releases.push({ name, revision: existing?.revision ?? 0, objects, dependents, hiddenDependents: hidden });
      }
      return { answer: { releases }, warnings };
    },

    async estimateProject(input, signal) {
      const { releases, warnings } = await estimate(input, signal);
      return { answer: releases, warnings };
    },

    async sumProject(input, signal) {
      const { members, releases, warnings } = await estimate(input, signal);
      const renderings = members.map(({ rendering }) => rendering);
      const { totals } = await estimateRenderings(input, renderings, signal);
      return { answer: { releases, total: totals.total, quota: totals.quota }, warnings };
    },
  };
}
