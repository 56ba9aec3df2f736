import { MIN_LENGTH } from './masker.ts';

/**
 * How a text in a Secret is treated: not secret; masked only where it is a whole string; or masked wherever it is found.
 */
export type Secrecy = 'ordinary' | 'whole' | 'everywhere';

/** Not secret even in a Secret: flags, ports and counts. */
const ORDINARY = /^(?:\d{1,5}|true|false|yes|no|on|off|null|none)$/i;
/** A word such as `root` or `postgres`: it would be found everywhere in texts. */
const WORD = /^[a-z]{1,7}$/i;

/**
 * How a text in a Secret is treated. Short texts and words are masked as whole strings, in case they are passwords; inside
 * of texts they are not, because the mask in a known sentence would tell which word the Secret contains. The
 * engine follows the same rules (engine/rendering/made_secrets.go, engine/testdata/rules/secret-texts.json).
 */
export function secrecyOf(text: string): Secrecy {
  if (text.length < MIN_LENGTH - 1 || ORDINARY.test(text)) {
    return 'ordinary';
  }
  return text.length < MIN_LENGTH || WORD.test(text) ? 'whole' : 'everywhere';
}
