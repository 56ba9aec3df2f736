import type { JsonObject, JsonValue } from '../../domain/json.ts';
import type { Masker } from '../../domain/masking/masker.ts';
import { maskWarnings } from '../../domain/masking/revision-secrets.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import type { EngineWarning } from '../../ports/helm-release.ts';

/** Runs what works with secret values; what it warns of, and a problem it ends with, is told without them. */
export async function withoutSecrets<T extends { warnings: EngineWarning[] }>(
  masker: Masker,
  work: () => Promise<T>,
): Promise<T> {
  try {
    const result = await work();
    return { ...result, warnings: maskWarnings(result.warnings, masker) };
  } catch (error) {
    throw maskError(error, masker);
  }
}

/** A problem without the secrets that its message and its details quote; any other error is Walm's own, and stays. */
export function maskError(error: unknown, masker: Masker): unknown {
  return error instanceof ProblemError && !masker.isEmpty ? maskProblem(error, masker) : error;
}

/** A problem without the secrets that its message and its details quote. */
export function maskProblem(error: ProblemError, masker: Masker): ProblemError {
  // Details are what a problem's body is made of: JSON by construction.
  const details = masker.json(error.details as JsonValue) as JsonObject;
  return new ProblemError(error.code, masker.text(error.message), {
    details,
    ...(error.object && { object: error.object }),
  });
}

/** A listener that is told without secrets. */
export function maskProgress<P extends { message: string; object?: { name?: string } }>(
  masker: Masker,
  report: (progress: P) => void,
) {
  return (progress: P): void => {
    const { message, object } = progress;
    const named = object?.name === undefined ? {} : { object: { ...object, name: masker.text(object.name) } };
    report({ ...progress, message: masker.text(message), ...named });
  };
}
