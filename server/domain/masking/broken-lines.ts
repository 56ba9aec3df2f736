import type { Automaton } from './automaton.ts';
import { mergeSpans } from './spans.ts';

/** A text with its lines joined, and where each of its bytes was, and its end. */
type JoinedLines = { readonly bytes: Uint8Array; readonly places: Int32Array };

const [TAB, NEWLINE, RETURN, BLANK, BACKSLASH] = [0x09, 0x0a, 0x0d, 0x20, 0x5c] as const;

/**
 * What an automaton covers of a text as it is, and as it was before YAML, or a template that wraps lines, broke it at its
 * blanks: in ranges of the text as it is.
 */
export function coverBroken(text: Uint8Array, cover: Automaton['cover']): number[] {
  const spans = cover(text);
  if (!text.includes(NEWLINE)) {
    return spans;
  }
  const { bytes, places } = joinLines(text);
  return mergeSpans(
    spans,
    cover(bytes).map((index) => places[index] as number),
  );
}

/** With one blank in place of each line break and of the indentation after it. */
function joinLines(text: Uint8Array): JoinedLines {
  const bytes = new Uint8Array(text.length);
  const places = new Int32Array(text.length + 1);
  let length = 0;
  for (let at = 0; at < text.length;) {
    const end = endOfBreak(text, at);
    places[length] = at;
    bytes[length] = end === at ? (text[at] as number) : BLANK;
    length += 1;
    at = end === at ? at + 1 : end;
  }
  places[length] = text.length;
  return { bytes: bytes.subarray(0, length), places };
}

/**
 * Where the line break at this position and the indentation after it end; the position if there is none. In double
 * quotes YAML writes a backslash before a blank at the beginning of a line.
 */
function endOfBreak(text: Uint8Array, start: number): number {
  let at = text[start] === RETURN ? start + 1 : start;
  if (text[at] !== NEWLINE) {
    return start;
  }
  at += 1;
  while (text[at] === BLANK || text[at] === TAB) {
    at += 1;
  }
  return text[at] === BACKSLASH && text[at + 1] === BLANK ? at + 1 : at;
}
