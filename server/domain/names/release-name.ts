import { DNS_SUBDOMAIN } from '../../../contract/schemas/name-syntax.ts';
import { problem } from '../errors/problem-error.ts';

const MAX_LENGTH = 53;
const FORM = new RegExp(DNS_SUBDOMAIN);

/** Whether a release can have this name. */
export function isReleaseName(name: string): boolean {
  return name.length <= MAX_LENGTH && FORM.test(name);
}

/**
 * The name of a release, checked by Helm's rules.
 * @throws ProblemError RELEASE_NAME_INVALID in the original's words
 */
export function checkReleaseName(name: string | undefined): string {
  if (name === undefined || name === '') {
    throw problem('RELEASE_NAME_INVALID', 'release name can not be empty');
  }
  if (name.length > MAX_LENGTH) {
    throw problem('RELEASE_NAME_INVALID', `release name "${name.slice(0, 100)}" exceeds max length of ${MAX_LENGTH}`, {
      length: name.length,
      longest: MAX_LENGTH,
    });
  }
  if (!FORM.test(name)) {
    throw problem(
      'RELEASE_NAME_INVALID',
      `release name ${JSON.stringify(name)} is not valid: it must consist of lower case letters, digits, "-" and ".", ` +
        'and begin and end with a letter or digit',
    );
  }
  return name;
}
