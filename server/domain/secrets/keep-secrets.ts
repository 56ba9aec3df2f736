import { cutName } from '../bounds/cut-name.ts';
import type { JsonObject } from '../json/json.ts';
import { problem } from '../errors/problem-error.ts';
import { maskedPaths, type SecretRules } from './secret-values.ts';
import { readValuePath } from '../values/value-path.ts';
import { createValueEditor } from '../values/value-editor.ts';

/**
 * The values of a request with every masked secret (`***`) replaced by the recorded one; by nothing if another layer
 * provides the value in `below` (decision 4: `***` means unchanged).
 * @throws ProblemError VALUES_INVALID if neither exists
 */
export function keepSecrets(
  values: JsonObject,
  rules: SecretRules,
  recorded: JsonObject,
  below: JsonObject,
): JsonObject {
  const kept = createValueEditor(values);
  for (const path of maskedPaths(values, rules)) {
    const known = readValuePath(recorded, path);
    if (known !== undefined) {
      kept.write(path, known, {});
    } else if (readValuePath(below, path) === undefined || !kept.unset(path)) {
      const message = `configValues.${cutName(path.join('.'))} is ***, and there is no value to keep: send one`;
      throw problem('VALUES_INVALID', message, { path: cutName(`/configValues/${path.join('/')}`) });
    }
  }
  return kept.values();
}
