import type { Automaton } from './automaton.ts';
import { type EscapeKind, unescape } from './escapes.ts';
import { mergeSpans } from './spans.ts';

/**
 * Which escapes are replaced in which order: each kind alone, and a second one of what that gives. An automaton finds
 * the usual forms of one more escaping by itself.
 */
const ORDERS: Readonly<Record<EscapeKind, readonly EscapeKind[]>> = {
  percent: ['percent', 'backslash'],
  backslash: ['backslash', 'percent'],
  entity: ['backslash'],
};
const KINDS = Object.keys(ORDERS) as EscapeKind[];

/**
 * What a search covers of a text as it is, and without its escapes, up to two of them around each other: in ranges of the
 * text as it is. The number of searches is limited, so that the time grows with the text.
 */
export function coverEscaped(text: Uint8Array, cover: Automaton['cover']): number[] {
  return coverBehind(text, cover, KINDS, (kind) => ORDERS[kind]);
}

function coverBehind(
  text: Uint8Array,
  cover: Automaton['cover'],
  kinds: readonly EscapeKind[],
  next: (kind: EscapeKind) => readonly EscapeKind[],
): number[] {
  let spans = cover(text);
  for (const kind of kinds) {
    const plain = unescape(text, kind);
    if (plain !== undefined) {
      const found = coverBehind(plain.bytes, cover, next(kind), () => []);
      spans = mergeSpans(
        spans,
        found.map((index) => plain.places[index] as number),
      );
    }
  }
  return spans;
}
