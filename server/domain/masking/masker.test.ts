import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstCost } from '../../../test/harness/timing/processor-cost.ts';
import { MASK } from '../secrets/secret-values.ts';
import { createAutomaton } from './automaton.ts';
import { createMasker } from './masker.ts';

const SECRET = `p"4's&w <0>rd/+=\\n€`;
const mask = (text: string, ...secrets: string[]) =>
  createMasker(secrets.map((secret) => ({ text: secret }))).text(text);

/** Which characters of a text are covered, by comparing each needle at each position. */
function naively(text: string, needles: readonly string[]): boolean[] {
  const covered = Array.from({ length: text.length }, () => false);
  for (const needle of needles) {
    for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1)) {
      covered.fill(true, at, at + needle.length);
    }
  }
  return covered;
}

describe('an automaton', () => {
  it('covers what looking for each needle at each place covers', () => {
    const word = (min: number, max: number) =>
      fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: min, maxLength: max }).map((all) => all.join(''));
    fc.assert(
      fc.property(fc.array(word(4, 9), { minLength: 1, maxLength: 20 }), word(0, 120), (needles, text) => {
        const spans = createAutomaton(needles.map((one) => ({ bytes: Buffer.from(one) }))).cover(Buffer.from(text));
        const covered = Array.from({ length: text.length }, () => false);
        for (let i = 0; i < spans.length; i += 2) covered.fill(true, spans[i], spans[i + 1]);
        expect(covered).toEqual(naively(text, needles));
      }),
      { numRuns: 500 },
    );
  });
});

describe('a masker', () => {
  const b64 = (text: string) => Buffer.from(text).toString('base64');
  const queryOf = (text: string) => new URLSearchParams({ a: text }).toString().slice(2);
  const mixedCases = (text: string) => {
    let count = 0;
    return text.replaceAll(/%../g, (code) => (count++ % 2 === 0 ? code.toLowerCase() : code.toUpperCase()));
  };
  const everyByte = (text: string) => Buffer.from(text).toString('hex').replaceAll(/../g, '%$&');
  const everyUnit = (text: string, upper = false) =>
    Array.from({ length: text.length }, (_, i) => {
      const digits = text.charCodeAt(i).toString(16).padStart(4, '0');
      return `\\u${upper ? digits.toUpperCase() : digits}`;
    }).join('');
  const everyEntity = (text: string, radix: 10 | 16) =>
    Array.from(text, (one) => `&#${radix === 16 ? 'x' : ''}${one.codePointAt(0)?.toString(radix) ?? ''};`).join('');
  it.each([
    ['verbatim', `a ${SECRET} b`],
    ['in JSON', `{"a": ${JSON.stringify(`x${SECRET}y`)}}`],
    ['in JSON in JSON', JSON.stringify(JSON.stringify({ a: SECRET }))],
    ['in JSON as Go writes it', '"p\\"4\'s\\u0026w \\u003c0\\u003erd/+=\\\\n€"'],
    ['in ASCII JSON', '"p\\"4\'s&w <0>rd/+=\\\\n\\u20ac"'],
    ['in single quotes of YAML', `a: 'p"4''s&w <0>rd/+=\\n€'`],
    ['in a JSON pointer', `/data/${SECRET.replaceAll('/', '~1')}/0`],
    ['as the template function html writes it', 'a p&#34;4&#39;s&amp;w &lt;0&gt;rd/+=\\n€ b'],
    ['with the quotes of XML', 'a p&quot;4&apos;s&amp;w &lt;0&gt;rd/+=\\n€ b'],
    ['in single quotes of a shell', String.raw`'p"4'\''s&w <0>rd/+=\n€'`],
    ['in double quotes of a shell', String.raw`"p\"4's&w <0>rd/+=\\n€"`],
    ['in a regular expression', String.raw`^p"4's&w <0>rd/\+=\\n€$`],
    ['in single quotes of YAML in base64', b64(`a: 'p"4''s&w <0>rd/+=\\n€'`)],
    ['as the template function js writes it', String.raw`a p\"4\'s\u0026w \u003C0\u003Erd/+\u003D\\n€ b`],
    ['in a path', `http://h/${encodeURIComponent(SECRET)}/`],
    ['in a query', `?p=${new URLSearchParams({ a: SECRET }).toString().slice(2)}`],
    ['in lower-case percent codes', encodeURIComponent(SECRET).toLowerCase()],
    ['in base64', b64(SECRET)],
    ['in base64 after one byte', b64(`x${SECRET}y`)],
    ['in base64 after two bytes', b64(`xy${SECRET}`)],
    ['in base64 in a query', `?p=${encodeURIComponent(b64(`user:${SECRET}:more`))}`],
    [
      'in base64 in a query, in lower-case percent codes',
      encodeURIComponent(b64(`xy${SECRET}`)).replaceAll(/%../g, (code) => code.toLowerCase()),
    ],
    ['in an address in base64', b64(`https://u:${new URLSearchParams({ a: SECRET }).toString().slice(2)}@host/`)],
    ['in JSON in a query', `?p=${encodeURIComponent(JSON.stringify({ a: SECRET }))}`],
    ['percent-encoded twice', encodeURIComponent(encodeURIComponent(SECRET))],
    ['percent-encoded twice, in a query', queryOf(queryOf(SECRET))],
    ['percent-encoded twice, in lower case', encodeURIComponent(encodeURIComponent(SECRET)).toLowerCase()],
    ['percent-encoded in mixed cases', mixedCases(encodeURIComponent(SECRET))],
    ['percent-encoded twice in mixed cases', mixedCases(encodeURIComponent(mixedCases(encodeURIComponent(SECRET))))],
    ['with every byte percent-encoded', everyByte(SECRET)],
    ['with every byte percent-encoded twice', everyByte(everyByte(SECRET)).toLowerCase()],
    ['with blanks as in a query, and some bytes percent-encoded', `%70${SECRET.slice(1).replace(' ', '+')}`],
    ['with some bytes percent-encoded', `x%70%22${SECRET.slice(2)}`],
    ['with every character as a code of JSON', everyUnit(SECRET)],
    ['with every character as an upper-case code of JSON', everyUnit(SECRET, true)],
    ['with every character as a code of JSON in JSON', JSON.stringify(everyUnit(SECRET))],
    ['with some characters as codes of JSON', String.raw`{"a":"\u0070\u00224's\u0026w <0>rd\/+=\\n\u20AC"}`],
    ['with codes of JSON in a query', queryOf(`{"a":"${everyUnit(SECRET)}"}`)],
    ['percent-encoded in JSON with codes', everyUnit(encodeURIComponent(SECRET).toLowerCase())],
    ['with codes of bytes', everyUnit(SECRET).replaceAll(String.raw`\u00`, String.raw`\x`)],
    ['with decimal entities', everyEntity(SECRET, 10)],
    ['with hexadecimal entities', everyEntity(SECRET, 16)],
    ['with named and hexadecimal entities', 'p&quot;4&#x27;s&amp;w &lt;0&#x3E;rd/+=\\n&#8364;'],
    ['with entities in JSON', JSON.stringify(everyEntity(SECRET, 16))],
    ['in base64, percent-encoded twice', queryOf(queryOf(b64(`u:${SECRET}`)))],
    ['in base64 in JSON with codes', everyUnit(b64(`xy${SECRET}:`))],
    ['in base64 for addresses', Buffer.from(`user:${SECRET}:more`).toString('base64url')],
  ])('finds a secret %s', (_, text) => {
    const masked = mask(text, SECRET);
    expect(masked).toContain(MASK);
    for (const piece of ['p"4', "4's", 'cCI0', 'rd/', 'rd%2F', 'rd%2f']) expect(masked).not.toContain(piece);
  });

  it('hides the escapes of a secret and nothing else', () => {
    expect(mask('https://h/%2573%2565cret-wo%2572d?a=%2f', 'secret-word')).toBe('https://h/***?a=%2f');
    expect(mask(String.raw`{"a\u0022":"\u0073ecret-wor\u0064\u0022"}`, 'secret-word')).toBe(
      String.raw`{"a\u0022":"***\u0022"}`,
    );
    expect(mask('&lt;&#115;ecret&#x2D;word&gt;', 'secret-word')).toBe('&lt;***&gt;');
    expect(mask(String.raw`\ud83d\ude00\ud83D\uDE00`, '😀😀')).toBe(MASK);
    expect(mask('100% of %zz & &#; &#x; &#99999999; \\', 'secret-word')).toBe('100% of %zz & &#; &#x; &#99999999; \\');
  });

  it('finds every secret behind escapes of any of its characters', () => {
    const escapes = [(one: string) => one, everyByte, (one: string) => everyByte(one).toUpperCase()];
    const units = [(one: string) => JSON.stringify(one).slice(1, -1), everyUnit, (one: string) => everyUnit(one, true)];
    const picks = fc.array(fc.nat(2), { minLength: 40, maxLength: 40 });
    fc.assert(
      fc.property(fc.string({ minLength: 6, maxLength: 40 }), picks, picks, (secret, first, second) => {
        fc.pre(secret.trim() !== '' && !/[%\\&~]/.test(secret));
        const escaped = Array.from(secret, (one, i) => escapes[first[i] as number]?.(one)).join('');
        const again = Array.from(escaped, (one, i) =>
          one === '%' ? everyByte(one) : escapes[second[i % 40] as number]?.(one),
        ).join('');
        const json = Array.from(secret, (one, i) => units[first[i] as number]?.(one)).join('');
        for (const text of [escaped, again, json, encodeURIComponent(json)])
          expect(mask(`a ${text}`, secret)).toBe('a ***');
      }),
    );
  });

  it('finds every secret in base64 wherever it stands', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4, maxLength: 40 }), fc.string(), fc.string(), (secret, before, after) => {
        fc.pre(secret.trim() !== '' && secret !== MASK);
        const bytes = Buffer.from(`${before}${secret}${after}`);
        for (const alphabet of ['base64', 'base64url'] as const) {
          expect(mask(bytes.toString(alphabet), secret)).toContain(MASK);
        }
      }),
    );
  });

  it('makes one of those that overlap or touch', () => {
    expect(mask('xabcdefghix', 'abcdef', 'defghi')).toBe('x***x');
    expect(mask('xabcdefghijklx', 'abcdef', 'ghijkl')).toBe('x***x');
    expect(mask('xabcdefgx', 'abcdefg', 'cdef')).toBe('x***x');
  });

  it('masks short secrets only where they are all there is', () => {
    const { text, json } = createMasker([{ text: 'abc' }, { text: 'false', wholly: true }]);
    expect(text('abc')).toBe(MASK);
    expect(text('YWJj')).toBe(MASK);
    expect(text('abcd is no abc')).toBe('abcd is no abc');
    expect(json({ a: 'false', b: false, c: 'a false one' })).toEqual({ a: MASK, b: false, c: 'a false one' });
  });

  it('treats a text that is fully and partly secret as partly secret', () => {
    expect(createMasker([{ text: 'admin', wholly: true }, { text: 'admin' }]).text('an admin')).toBe('an ***');
    expect(createMasker([{ text: 'admin' }, { text: 'admin', wholly: true }]).text('an admin')).toBe('an ***');
  });

  it('masks numbers, names of fields and what is below them', () => {
    const { json } = createMasker([{ text: '12345678' }, { text: 'canary-key' }]);
    expect(json({ pin: 12_345_678, other: 123, 'x-canary-key': [{ 'y-canary-key': 'at 12345678' }] })).toEqual({
      pin: MASK,
      other: 123,
      'x-***': [{ 'y-***': 'at ***' }],
    });
    expect(json({ 'canary-key': 1, [Buffer.from('canary-key').toString('base64')]: 2 })).toEqual({
      [MASK]: 1,
      '*** (2)': 2,
    });
  });

  it('finds long secrets whole, and the lines of one that a template indented', () => {
    const key = Array.from({ length: 40 }, (_, i) => `${i}-${'k'.repeat(20)}-${i * 7919}`).join('\n');
    expect(mask(`before ${key} after`, key)).toBe('before *** after');
    expect(mask(`before ${b64(`:${key}`)} after`, key)).not.toContain(b64(key.slice(20, 60)).slice(4, 30));
    const indented = mask(key.replaceAll('\n', '\n    '), key);
    expect(indented).not.toContain('kkkk');
  });

  it.each([
    ['plain', 'a: so it is\n  said that one\n  two\nb: c', 'a: ***\nb: c'],
    ['in single quotes', "a: 'so it is said\n    that one two'\nb: c", "a: '***'\nb: c"],
    ['in double quotes', 'a: "so it is said\r\n\t  that\n  one two"\r\nb: c', 'a: "***"\r\nb: c'],
    ['at the end', 'a: so\n it\n is\n said\n that\n one\n two', 'a: ***'],
    ['twice', 'so it\nis said that one two so it is said\nthat one two', '*** ***'],
  ])('finds a secret whose blanks are line breaks: %s', (_, text, shown) => {
    expect(mask(text, 'so it is said that one two')).toBe(shown);
  });

  it('finds a secret with two blanks that YAML in double quotes breaks between', () => {
    expect(mask('a: "one\n  \\ two three"', 'one  two three')).toBe('a: "***"');
    expect(mask(`a: 'it''s one\n  two three'`, "it's one two three")).toBe("a: '***'");
  });

  it('keeps a text without secrets as it is, and knows nothing to keep where there are none', () => {
    const text = 'nothing in it\ud800';
    expect(mask(text, 'something')).toBe(text);
    expect(createMasker([]).isEmpty).toBe(true);
    expect(createMasker([{ text: MASK }, { text: '' }]).isEmpty).toBe(true);
    expect(JSON.stringify({ masker: createMasker([{ text: 'something' }]) })).not.toContain('something');
  });

  it('finds a very long secret by its head, in every form, and hides what follows', () => {
    const long = Array.from({ length: 3_000 }, (_, i) => `${i}&${(i * 7919) % 1000} é `).join('');
    const tail = long.slice(-40);
    const twice = b64(b64(long));
    for (const form of [long, JSON.stringify(long), encodeURIComponent(long), b64(long), b64(`::${long}`), twice]) {
      const shown = mask(`before ${form} after`, long, 'unrelated');
      expect(shown).toMatch(/^before .{0,6}\*\*\*$/);
      expect(shown).not.toContain(tail);
    }
    expect(mask(long, long)).toBe(MASK);
    const other = `${long.slice(0, 200)} and something else`;
    expect(mask(`before ${other}`, long)).toContain('something else');
  });

  it('takes little time, or shows nothing, however many and long the secrets are', () => {
    const lines = (count: number, line: string) => Array.from({ length: count }, (_, i) => `${line}${i}`).join('\n');
    const crowds = [
      Array.from({ length: 100 }, (_, i) => `${i} ${'&<é'.repeat(20_000)}`),
      Array.from({ length: 2_000 }, (_, i) => `${i} ${'&<é'.repeat(1_000)}`),
      Array.from({ length: 4 }, (_, i) => lines(30_000, `a line of secret ${i} `)),
    ];
    for (const secrets of crowds) {
      expect(firstCost(() => mask('a text in which there is nothing', ...secrets))).toBeLessThan(2_000);
    }
    expect(mask('a text', crowds[2]?.[0] ?? '')).toBe(MASK);
  });

  it('shows no text at all with more secrets than can be looked for', () => {
    const { text, json } = createMasker(Array.from({ length: 3_000 }, (_, i) => ({ text: `secret-number-${i}` })));
    expect(text('anything')).toBe(MASK);
    expect(json({ a: ['x', 1, null, ''] })).toEqual({ [MASK]: [MASK, MASK, null, ''] });
  });

  it('takes time that grows with text and secrets, and not with both together', () => {
    const secrets = Array.from({ length: 1000 }, (_, i) => `${(i * 2_654_435_761) % 4_294_967_296}-secret-of-${i}`);
    const masker = createMasker(secrets.map((text) => ({ text })));
    const lines = secrets.map(
      (secret, i) => `  url: postgres://ann:${i % 10 === 0 ? secret : 'nothing'}@database/${i}\n`,
    );
    const text = lines
      .join('')
      .repeat(90)
      .slice(0, 4 * 1024 * 1024);
    const hostile = (secrets[7] ?? '')
      .slice(0, -1)
      .repeat(200_000)
      .slice(0, 4 * 1024 * 1024);
    masker.text(text);
    expect(firstCost(() => masker.text(text))).toBeLessThan(200);
    expect(firstCost(() => masker.text(hostile))).toBeLessThan(200);
    const passphrase = createMasker([{ text: 'so it is said that one two' }]);
    for (const broken of ['\n', ' ', '\n ', '\r\n\\ ', 'so it is\n  said that one\n']) {
      const all = broken.repeat(4 * 1024 * 1024).slice(0, 4 * 1024 * 1024);
      expect(firstCost(() => passphrase.text(all))).toBeLessThan(400);
    }
    const escaped = [
      '%25',
      '%2525',
      String.raw`\u005c`,
      String.raw`\u005cu0025`,
      '&amp;%5c%25\\u0026',
      '&#x26;',
      '&',
      '%',
      '\\',
    ];
    for (const escape of escaped) {
      const all = escape.repeat(4 * 1024 * 1024).slice(0, 4 * 1024 * 1024);
      expect(
        firstCost(() => masker.text(all)),
        escape,
      ).toBeLessThan(1_500);
    }
  });
});
