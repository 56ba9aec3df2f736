/**
 * A secret that a test plants: `core` consists of letters and digits that need no escaping, and occurs nowhere else.
 */
export type Canary = { name: string; core: string };

/**
 * Every encoding in which the core of a canary may occur in a text; written independently of the product's own search.
 */
export function encodingsOf({ core }: Canary): string[] {
  const reversed = (text: string) => Buffer.from(text, 'latin1').toString('base64');
  // For each of the three alignments, the base64 characters that contain no bit of a neighbouring byte.
  const aligned = ['', '?', '??'].map((before) => {
    const coded = reversed(before + core);
    const first = Math.ceil((before.length * 8) / 6);
    const whole = Math.floor(((before.length + core.length) * 8) / 6);
    return coded.slice(first, whole);
  });
  const url = aligned.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
  const twice = reversed(reversed(core)).slice(0, -4);
  // Codes of characters, in both cases of their digits.
  const coded = [(text: string) => text, (text: string) => text.toUpperCase()].flatMap((cased) => {
    const codes = (text: string, before: string, after = ''): string =>
      text.replaceAll(/./g, (character) => `${before}${cased(character.charCodeAt(0).toString(16))}${after}`);
    const percent = codes(core, '%');
    const unit = codes(core, String.raw`\u00`);
    return [
      percent,
      percent.replaceAll('%', '%25'),
      codes(percent, '%'),
      unit,
      unit.replaceAll('\\', String.raw`\\`),
      unit.replaceAll('\\', cased('%5c')),
      codes(core, String.raw`\x`),
      codes(core, '&#x', ';'),
    ];
  });
  const entities = core.replaceAll(/./g, (character) => `&#${character.charCodeAt(0)};`);
  return [...new Set([core, ...aligned, ...url, twice, ...coded, entities])];
}

/** Where a canary occurs in a text, with the characters around it; empty if none does. */
export function canariesIn(text: string, canaries: readonly Canary[]): string[] {
  return canaries.flatMap((canary) =>
    encodingsOf(canary).flatMap((form) => {
      const at = text.indexOf(form);
      return at < 0 ? [] : [`${canary.name} as ${form}: …${text.slice(Math.max(0, at - 160), at + 60)}…`];
    }),
  );
}
