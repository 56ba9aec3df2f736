import type { Warning } from '../../../../contract/schemas/warning.ts';
import { problem } from '../../../domain/errors/problem-error.ts';

/**
 * Turns warnings into an error if the caller requested that (`strict`).
 * @throws ProblemError REQUEST_INVALID
 */
export function refuseWarnings(warnings: readonly Warning[], strict = false): void {
  if (strict && warnings.length > 0) {
    throw problem('REQUEST_INVALID', warnings.map(({ message }) => message).join('; '), {
      errors: warnings.map(({ path = '', message }) => ({ pointer: path, message })),
    });
  }
}
