import { isMap, isScalar, isSeq, LineCounter, type Node, type ParsedNode, parseDocument } from 'yaml';

/** Larger files take too long to be read with the positions of everything in them. */
const MAX_LENGTH = 8 * 1024;

/**
 * Finds the lines of places such as `roles[0].baseConfig.image`, counted from 1: of the deepest part that exists. Null in a
 * file that is larger than 8 KiB or cannot be read.
 */
export function metainfoLines(text: string): (place: string) => number | null {
  if (text.length > MAX_LENGTH) {
    return () => null;
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  return (place) => {
    if (document.errors.length > 0) return null;
    let at: Node | null = document.contents;
    let offset = document.contents?.range?.[0];
    for (const step of place.match(/[^.[\]]+/g) ?? []) {
      if (isSeq<ParsedNode>(at)) {
        at = at.items[Number(step)] ?? null;
        offset = at?.range?.[0] ?? offset;
      } else if (isMap<ParsedNode, ParsedNode | null>(at)) {
        const pair = at.items.find(
          ({ key }) => isScalar(key) && String(key.value).toLowerCase() === step.toLowerCase(),
        );
        if (pair === undefined) break;
        at = pair.value;
        offset = pair.key.range[0];
      } else {
        break;
      }
    }
    return offset === undefined ? null : lines.linePos(offset).line;
  };
}
