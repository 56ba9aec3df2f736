import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { JsonValue } from '../../domain/json.ts';
import type { ProblemError } from '../../domain/problem-error.ts';
import type { LiveComparison, ReleaseTestRun } from '../../ports/helm-engine.ts';
import type { HelmRelease } from '../../ports/helm-release.ts';
import { documentFacts } from './document-answers.ts';
import { answerNotUnderstood, problemOfAnswer } from './engine-problem.ts';
import { jsonObject, text } from './json-schemas.ts';
import { parseRelease } from './release-answers.ts';
import type { SpillFolder } from './spilled-text.ts';

const testRuns = Compile(
  Type.Array(
    Type.Object({
      name: text,
      kind: text,
      namespace: text,
      phase: Type.Enum(['Succeeded', 'Failed', 'Running', 'Unknown']),
      startedAt: text,
      completedAt: text,
      message: text,
      log: text,
    }),
  ),
);

const perhaps = Type.Union([jsonObject, Type.Null()]);
const comparisons = Compile(
  Type.Array(
    Type.Object({
      ...documentFacts,
      recorded: jsonObject,
      live: perhaps,
      applied: perhaps,
      message: text,
    }),
  ),
);

const batch = Compile(
  Type.Array(Type.Object({ release: Type.Optional(Type.Unknown()), problem: Type.Optional(Type.Unknown()) })),
);

export function parseTestRuns(answer: JsonValue): ReleaseTestRun[] {
  if (!testRuns.Check(answer)) throw answerNotUnderstood('release/test');
  return answer;
}

export function parseComparisons(answer: JsonValue): LiveComparison[] {
  if (!comparisons.Check(answer)) throw answerNotUnderstood('release/compare');
  return answer;
}

/** Recorded revisions in the order in which they were asked for. */
export async function parseReleases(
  answer: JsonValue,
  spill: SpillFolder,
): Promise<(HelmRelease | ProblemError | null)[]> {
  const method = 'release/getMany';
  if (!batch.Check(answer)) throw answerNotUnderstood(method);
  return Promise.all(
    answer.map(async ({ release, problem }) => {
      if (problem !== undefined) return problemOfAnswer(problem, method);
      return release === undefined || release === null ? null : parseRelease(release, method, spill);
    }),
  );
}
