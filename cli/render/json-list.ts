/** Where the value of each member of an object begins and ends in its text. */
type Spans = ReadonlyMap<string, readonly [start: number, end: number]>;

/**
 * Joins pages of a list into one list, in the text of the first: `items` has all of them, `num` counts them, and `continue`
 * is gone. Items are copied as they stand, so that no number loses digits.
 */
export function joinPages(pages: readonly string[]): string {
  const first = pages[0] ?? '{}';
  if (pages.length < 2) return first;
  const items = pages.map((page) => {
    const span = memberSpans(page).get('items');
    return span === undefined ? '' : page.slice(span[0] + 1, span[1] - 1).replace(/\s+$/, '');
  });
  const count = pages.reduce((sum, page) => sum + numberAt(page, 'num'), 0);
  let text = first;
  const present = memberSpans(text);
  const edits: [number, number, string][] = [];
  const list = present.get('items');
  if (list !== undefined) {
    const end = first.slice(0, list[1] - 1).match(/\s*$/)?.[0] ?? '';
    edits.push([list[0], list[1], `[${items.filter((item) => item !== '').join(',')}${end}]`]);
  }
  const num = present.get('num');
  if (num !== undefined) edits.push([num[0], num[1], `${count}`]);
  const rest = present.get('continue');
  if (rest !== undefined) {
    const before = first.slice(0, rest[0]).search(/,?\s*"continue"\s*:\s*$/);
    edits.push([before, rest[1], '']);
  }
  for (const [start, end, replacement] of edits.toSorted((left, right) => right[0] - left[0])) {
    text = text.slice(0, start) + replacement + text.slice(end);
  }
  return text;
}

function numberAt(text: string, name: string): number {
  const span = memberSpans(text).get(name);
  return span === undefined ? 0 : Number(text.slice(...span));
}

/** Finds the members of the outermost object of a text that is JSON. */
export function memberSpans(text: string): Spans {
  const spans = new Map<string, readonly [number, number]>();
  let at = skipSpace(text, 0);
  if (text[at] !== '{') return spans;
  at = skipSpace(text, at + 1);
  while (at < text.length && text[at] !== '}') {
    const keyEnd = endOfValue(text, at);
    const key = JSON.parse(text.slice(at, keyEnd)) as string;
    const start = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const end = endOfValue(text, start);
    spans.set(key, [start, end]);
    at = skipSpace(text, end);
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return spans;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (/\s/.test(text[at] ?? '')) at += 1;
  return at;
}

function endOfValue(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') {
      at = endOfString(text, at);
      if (depth === 0) return at + 1;
    } else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') {
      if (depth === 0) return at;
      depth -= 1;
      if (depth === 0) return at + 1;
    } else if (depth === 0 && /[\s,]/.test(character ?? '')) return at;
  }
  return text.length;
}

/** Index of the quote that ends a string. */
function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  return text.length;
}
