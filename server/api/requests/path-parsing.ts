import { pathParameters } from '../../../contract/operations/parts/path-parameters.ts';
import { problem } from '../../domain/errors/problem-error.ts';

/**
 * Checks the parameters of a path against their patterns, before they become part of any other path.
 * @throws ProblemError PATH_INVALID naming the parameter
 */
export function readPath(parameters: Readonly<Record<string, string>>): Record<string, string> {
  const known: Record<string, object> = pathParameters;
  return Object.fromEntries(
    Object.entries(parameters).map(([name, text]) => {
      const { pattern = '', maxLength = 253 }: { pattern?: string; maxLength?: number } = known[name] ?? {};
      if (text.length > maxLength || !new RegExp(pattern).test(text)) {
        const shown = JSON.stringify(text.slice(0, 80));
        throw problem('PATH_INVALID', `${shown} cannot be the name of a ${name}`, { parameter: name, pattern });
      }
      return [name, text];
    }),
  );
}
