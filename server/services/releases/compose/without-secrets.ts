import type { JsonObject, JsonValue } from '../../../domain/json/json.ts';
import { maskReference } from '../../../domain/masking/mask-reference.ts';
import type { Masker } from '../../../domain/masking/masker.ts';
import { maskWarnings } from '../../../domain/release/revision-secrets.ts';
import { ProblemError } from '../../../domain/errors/problem-error.ts';
import type { EngineWarning } from '../../../ports/helm/helm-release.ts';

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
    ...(error.object && { object: maskReference(error.object, masker) }),
  });
}

/** A listener that is told without secrets. */
export function maskProgress<P extends { message: string; object?: { kind?: string; name?: string } }>(
  masker: Masker,
  report: (progress: P) => void,
) {
  return (progress: P): void => {
    const { message, object } = progress;
    report({
      ...progress,
      message: masker.text(message),
      ...(object && { object: maskReference(object, masker) }),
    });
  };
}
