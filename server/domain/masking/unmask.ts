import { changeItems, changeValues } from '../json/change-entries.ts';
import { isJsonObject, type JsonValue } from '../json/json.ts';
import { MASK } from '../secrets/secret-values.ts';

/**
 * The value with the recorded secret in place of every `***` (decision 4: `***` means unchanged): in a string that is
 * nothing else, and in one that otherwise equals the recorded one. A string that differs stays as it is.
 */
export function unmask(value: JsonValue, truth: JsonValue | undefined): JsonValue {
  if (typeof value === 'string') {
    return value.includes(MASK) && isMaskedForm(value, truth) ? (truth as JsonValue) : value;
  }
  if (Array.isArray(value)) {
    return changeItems(value, (entry, i) => unmask(entry, Array.isArray(truth) ? truth[i] : undefined));
  }
  if (isJsonObject(value)) {
    const known = (key: string) => (isJsonObject(truth) && Object.hasOwn(truth, key) ? truth[key] : undefined);
    return changeValues(value, (entry, key) => unmask(entry, known(key)));
  }
  return value;
}

/** Whether the string equals the recorded one with some parts masked. */
function isMaskedForm(masked: string, truth: JsonValue | undefined): boolean {
  if (truth === undefined || truth === null || typeof truth === 'object') {
    return false;
  }
  const text = String(truth);
  const pieces = masked.split(MASK);
  const [first = '', last = ''] = [pieces[0], pieces.at(-1)];
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) {
    return false;
  }
  const end = text.length - last.length;
  let at = first.length;
  return pieces.slice(1, -1).every((piece) => {
    const found = text.indexOf(piece, at);
    at = found + piece.length;
    return found >= 0 && at <= end;
  });
}
