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

/** Tokenises a selector like Kubernetes; the last token is `end`. */
function selectorTokens(selector: string): SelectorToken[] {
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

/** Reads tokens from left to right; returns `end` repeatedly after the last. */
export type TokenCursor = {
  /** The next token, without consuming it. */
  peek(): SelectorToken;
  /** The same at the position of a value, where `in` and `notin` are ordinary words. */
  peekValue(): SelectorToken;
  take(): SelectorToken;
  takeValue(): SelectorToken;
};

function asValue(token: SelectorToken): SelectorToken {
  return token.kind === 'in' || token.kind === 'notin' ? { kind: 'identifier', text: token.text } : token;
}

/** A cursor before the first token. */
export function createTokenCursor(selector: string): TokenCursor {
  const tokens = selectorTokens(selector);
  let at = 0;
  const peek = (): SelectorToken => tokens[at] ?? { kind: 'end', text: '' };
  function take(): SelectorToken {
    const token = peek();
    at += 1;
    return token;
  }
  return { peek, peekValue: () => asValue(peek()), take, takeValue: () => asValue(take()) };
}
