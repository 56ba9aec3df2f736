import type { JsonObject, JsonValue } from '../../domain/json.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import { redactJson, redactText } from '../../domain/redact-secrets.ts';
import type { SecretRules } from '../../domain/secret-values.ts';

/** Runs what works with secret values; a problem it ends with is told without them. */
export async function withoutSecrets<T>(values: JsonObject, rules: SecretRules, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ProblemError)) {
      throw error;
    }
    // Details are what a problem's body is made of: JSON by construction.
    const details = redactJson(error.details as JsonValue, values, rules) as JsonObject;
    throw new ProblemError(error.code, redactText(error.message, values, rules), {
      details,
      ...(error.object && { object: error.object }),
    });
  }
}
