/** A secret that a test plants: `core` is letters and digits that nothing escapes, and stands nowhere else. */
export type Canary = { name: string; core: string };

/** Every way in which the core of a canary may stand in a text; written apart from how the product finds them. */
export function encodingsOf({ core }: Canary): string[] {
  const reversed = (text: string) => Buffer.from(text, 'latin1').toString('base64');
  // Of three alignments, the characters that no neighbour has a bit of.
  const aligned = ['', '?', '??'].map((before) => {
    const coded = reversed(before + core);
    const first = Math.ceil((before.length * 8) / 6);
    const whole = Math.floor(((before.length + core.length) * 8) / 6);
    return coded.slice(first, whole);
  });
  const url = aligned.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
  const twice = reversed(reversed(core)).slice(0, -4);
  const percent = core.replaceAll(/./g, (character) => `%${character.charCodeAt(0).toString(16)}`);
  return [...new Set([core, ...aligned, ...url, twice, percent])];
}

/** Where in a text a canary stands, with what is around it; empty where none does. */
export function canariesIn(text: string, canaries: readonly Canary[]): string[] {
  return canaries.flatMap((canary) =>
    encodingsOf(canary).flatMap((form) => {
      const at = text.indexOf(form);
      return at < 0 ? [] : [`${canary.name} as ${form}: …${text.slice(Math.max(0, at - 160), at + 60)}…`];
    }),
  );
}
