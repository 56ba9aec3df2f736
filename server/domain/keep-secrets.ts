import type { JsonObject } from './json.ts';
import { problem } from './problem-error.ts';
import { maskedPaths, type SecretRules } from './secret-values.ts';
import { unsetValue } from './unset-values.ts';
import { readValuePath } from './value-path.ts';
import { writeValuePath } from './write-value-path.ts';

/**
 * The values of a request with every secret that says `***`, "as it was", put back: the recorded one where there is
 * one; nothing where another layer's value stands in `below` (decision 4).
 * @throws ProblemError VALUES_INVALID where neither is
 */
export function keepSecrets(
  values: JsonObject,
  rules: SecretRules,
  recorded: JsonObject,
  below: JsonObject,
): JsonObject {
  return maskedPaths(values, rules).reduce((kept, path) => {
    const known = readValuePath(recorded, path);
    if (known !== undefined) {
      return writeValuePath(kept, path, known, {});
    }
    const without = readValuePath(below, path) === undefined ? null : unsetValue(kept, path);
    if (without === null) {
      const message = `configValues.${path.join('.')} is ***, and there is no value to keep: send one`;
      throw problem('VALUES_INVALID', message, { path: `/configValues/${path.join('/')}` });
    }
    return without;
  }, values);
}
