import type { JsonObject, JsonValue } from '../../../domain/json/json.ts';
import { maskReference } from '../../../domain/masking/mask-reference.ts';
import type { Masker } from '../../../domain/masking/masker.ts';
import { maskWarnings } from '../../../domain/release/revision-secrets.ts';
import { ProblemError } from '../../../domain/errors/problem-error.ts';
import type { EngineWarning } from '../../../ports/helm/helm-release.ts';

/** Runs work on secret values; the warnings it returns, and a problem it throws, are masked. */
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

/** Masks the secrets in the message and the details of a problem; other errors are internal and stay as they are. */
export function maskError(error: unknown, masker: Masker): unknown {
  return error instanceof ProblemError && !masker.isEmpty ? maskProblem(error, masker) : error;
}

/** Masks the secrets in the message and the details of a problem. */
export function maskProblem(error: ProblemError, masker: Masker): ProblemError {
  // Details become the JSON body of a problem, so they are JSON by construction.
  const details = masker.json(error.details as JsonValue) as JsonObject;
  return new ProblemError(error.code, masker.text(error.message), {
    details,
    ...(error.object && { object: maskReference(error.object, masker) }),
  });
}

/** A progress listener that receives masked messages. */
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
