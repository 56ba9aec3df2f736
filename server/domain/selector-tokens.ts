/** A word or symbol of a label selector. */
export type SelectorToken = {
  kind: 'identifier' | 'in' | 'notin' | '(' | ')' | ',' | '!' | '=' | '==' | '!=' | '<' | '>' | 'end' | 'error';
  text: string;
};

const SYMBOLS = ['(', ')', ',', '!', '=', '==', '!=', '<', '>'] as const;
const SPECIAL = /[=!(),><]/;
const SPACE = /[ \t\r\n]/;

/** The longest symbol that the text begins with: `==` before `=`. */
function symbolAt(text: string): SelectorToken {
  const found = SYMBOLS.filter((symbol) => text.startsWith(symbol)).toSorted((a, b) => b.length - a.length);
  const [kind] = found;
  return kind === undefined ? { kind: 'error', text: text.charAt(0) } : { kind, text: kind };
}

/** Takes a selector apart as Kubernetes does; the last token is `end`. */
export function selectorTokens(selector: string): SelectorToken[] {
  const tokens: SelectorToken[] = [];
  let at = 0;
  while (at < selector.length) {
    const letter = selector.charAt(at);
    if (SPACE.test(letter)) {
      at += 1;
    } else if (SPECIAL.test(letter)) {
      const token = symbolAt(selector.slice(at));
      tokens.push(token);
      at += token.text.length;
    } else {
      const rest = selector.slice(at);
      const end = rest.search(/[=!(),>< \t\r\n]/);
      const text = end < 0 ? rest : rest.slice(0, end);
      tokens.push({ kind: text === 'in' || text === 'notin' ? text : 'identifier', text });
      at += text.length;
    }
  }
  return [...tokens, { kind: 'end', text: '' }];
}
