import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { JsonValue } from '../../domain/json/json.ts';
import { ProblemError } from '../../domain/errors/problem-error.ts';
import type { ReleaseTestRun } from '../../ports/helm/helm-changes.ts';
import type { LiveComparison } from '../../ports/helm/helm-reader.ts';
import type { HelmRelease } from '../../ports/helm/helm-release.ts';
import { documentFacts } from './document-answers.ts';
import { answerNotUnderstood, problemOfAnswer } from './engine-problem.ts';
import { jsonObject, text } from './json-schemas.ts';
import { type AnswerReader, parseRelease } from './release-answers.ts';

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
      outcome: Type.Enum(['compared', 'missing', 'forbidden', 'unknown']),
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

/** Recorded revisions in the order in which they were requested. */
export async function parseReleases(
  answer: JsonValue,
  reader: AnswerReader,
): Promise<(HelmRelease | ProblemError | null)[]> {
  const method = 'release/getMany';
  if (!batch.Check(answer)) throw answerNotUnderstood(method);
  return Promise.all(
    answer.map(async ({ release, problem }) => {
      if (problem !== undefined) return problemOfAnswer(problem, method);
      if (release === undefined || release === null) return null;
      try {
        return await parseRelease(release, method, reader);
      } catch (error) {
        // A seal that cannot be checked now affects that revision only.
        if (error instanceof ProblemError) return error;
        throw error;
      }
    }),
  );
}
