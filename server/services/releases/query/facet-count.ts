import type { ReleaseFacets } from '../../../../contract/schemas/release.ts';
import { createFacetCounter } from '../../../domain/lists/count-facets.ts';
import type { Candidate } from './release-candidates.ts';

const FIELDS = ['phase', 'namespace', 'chart', 'project'] as const;
type Field = (typeof FIELDS)[number];

/** Counts releases by their fields: each facet counts what the filters of the other fields let through. */
export type FacetCount = {
  /** `passes`: whether the filter of each field lets the candidate through. */
  add(candidate: Candidate, passes: Readonly<Record<Field, boolean>>): void;
  counted(): ReleaseFacets;
};

export function createFacetCount(): FacetCount {
  const counters = {
    phase: createFacetCounter(),
    namespace: createFacetCounter(),
    chart: createFacetCounter(),
    project: createFacetCounter(),
  };
  return {
    add(candidate, passes) {
      const refused = FIELDS.filter((field) => !passes[field]);
      for (const field of FIELDS) {
        if (refused.every((other) => other === field)) {
          counters[field].add(valueOf(candidate, field));
        }
      }
    },
    counted: () => ({
      phase: counters.phase.counted(),
      namespace: counters.namespace.counted(),
      chart: counters.chart.counted(),
      project: counters.project.counted(),
    }),
  };
}

/** As it is shown: a chart may have written a secret into its own name. */
function valueOf({ phase, namespace, chart, project, record }: Candidate, field: Field): string {
  switch (field) {
    case 'phase':
      return phase();
    case 'namespace':
      return namespace;
    case 'chart':
      return record?.masker.text(chart) ?? chart;
    case 'project':
      return project;
    default:
      return field satisfies never;
  }
}
