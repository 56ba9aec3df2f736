import type { Warning } from '../../../contract/schemas/warning.ts';

/** Clients refuse much longer headers. */
const maxCharacters = 6000;

/** Warnings without repetitions, in order. */
export function unique(warnings: readonly Warning[]): Warning[] {
  return [...new Map(warnings.map((warning) => [JSON.stringify(warning), warning])).values()];
}

/** The header `Walm-Warnings`: a JSON array in ASCII, truncated to what clients accept; no header without warnings. */
export function warningsHeader(warnings: readonly Warning[]): Record<string, string> {
  if (warnings.length === 0) {
    return {};
  }
  const kept: string[] = [];
  let length = 0;
  for (const warning of unique(warnings)) {
    const text = asciiJson(warning);
    length += text.length + 1;
    if (length > maxCharacters) {
      const message = 'there are more warnings than a header can hold';
      kept.push(asciiJson({ code: 'WARNINGS_CUT', message }));
      break;
    }
    kept.push(text);
  }
  return { 'walm-warnings': `[${kept.join(',')}]` };
}

/** JSON with everything beyond printable ASCII escaped, as headers require. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[^\u0020-\u007e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
