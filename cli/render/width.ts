/** Characters that take two columns: East Asian wide and full width ones, and emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;
const ZERO = /\p{Mark}|\u200b|\u200d|\ufe0f/u;
// Control characters of both sets, and those that turn the direction of text.
const CONTROL = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;
const ESCAPE = String.fromCodePoint(0x1b);
const ANSI = new RegExp(`${ESCAPE}\\[[0-9;]*m`, 'g');
const RESET = `${ESCAPE}[0m`;

/** How many columns of a terminal a text takes; colours take none. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text.replace(ANSI, '')) {
    if (ZERO.test(character)) continue;
    width += WIDE.test(character) ? 2 : 1;
  }
  return width;
}

/** Fills a text with spaces to a width; longer texts stay. */
export function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** Cuts a text to a width; what is cut ends in `…`. */
export function cutTo(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let cut = '';
  let used = 0;
  for (const character of text) {
    const next = widthOf(character);
    if (used + next > width - 1) break;
    cut += character;
    used += next;
  }
  return width < 1 ? '' : `${cut}…`;
}

/**
 * A text of the server on one line of a terminal: control characters, line ends among them, are shown as `\x1b`, so that
 * no chart and no object can move the cursor or colour the screen.
 */
export function oneLine(text: string): string {
  return text.replace(/\s*\r?\n\s*/g, ' ').replace(CONTROL, escape);
}

/** A text of several lines, with the same care; line ends and tabs stay. */
export function severalLines(text: string): string {
  return text.replace(CONTROL, (character) =>
    character === '\n' || character === '\t' ? character : escape(character),
  );
}

/** A line of a log on a terminal, with the same care; its own colours stay, and end with it. */
export function logLine(line: string): string {
  const coloured = line.match(ANSI) !== null;
  const pieces = line.split(new RegExp(`(${ANSI.source})`));
  const text = pieces.map((piece, index) => (index % 2 === 1 ? piece : severalLines(piece))).join('');
  return coloured ? `${text}${RESET}` : text;
}

function escape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
