import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { maskManifest } from './masked-manifest.ts';
import { createMasker, NO_SECRETS as NOTHING } from './masker.ts';

const canary = createMasker([{ text: 'canary' }, { text: 'two words' }]);

const PLAIN = `---
# Source: web/templates/config.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: web}   # as the author wrote it
data:
  a: '1'
`;
const SECRET = `---
# Source: web/templates/secret.yaml
apiVersion: v1
kind: Secret
metadata:
  name: web
data:
  password: cGFzcw==
stringData:
  token: plain
`;

describe('a manifest that is shown', () => {
  it('stays byte for byte where nothing is secret', () => {
    expect(maskManifest(PLAIN + PLAIN, NOTHING)).toBe(PLAIN + PLAIN);
  });

  it('has no data of Secrets, and is still YAML', () => {
    const shown = maskManifest(PLAIN + SECRET + PLAIN, NOTHING);
    expect(shown.startsWith(`${PLAIN}---\n# Source: web/templates/secret.yaml\n`)).toBe(true);
    expect(shown.endsWith(PLAIN)).toBe(true);
    expect(parseAllDocuments(shown).map((document) => document.toJS() as unknown)).toMatchObject([
      { kind: 'ConfigMap' },
      { kind: 'Secret', metadata: { name: 'web' }, data: { password: '***' }, stringData: { token: '***' } },
      { kind: 'ConfigMap' },
    ]);
  });

  it('has no secret values anywhere else, and is still YAML', () => {
    const shown = maskManifest(PLAIN.replace("a: '1'", 'a: canary'), canary);
    expect(parseAllDocuments(shown)[0]?.toJS()).toMatchObject({ data: { a: '***' } });
  });

  it.each([
    ['in a comment', `${PLAIN}# canary\n`],
    ['in the comment above', PLAIN.replace('# Source', '# canary\n# Source')],
    ['as a name of a field', PLAIN.replace(' a:', ' canary:')],
    ['folded', PLAIN.replace("'1'", '>-\n    these two\n    words')],
    ['escaped', PLAIN.replace("'1'", '"c\\x61nary"')],
    ['over two lines', PLAIN.replace("'1'", '"can\\\n    ary"')],
    ['in base64', PLAIN.replace("'1'", Buffer.from('the canary').toString('base64'))],
  ])('has no secret that is written %s', (_, manifest) => {
    const shown = maskManifest(manifest, canary);
    expect(shown).not.toBe(manifest);
    const read = parseAllDocuments(shown).map((document) => document.toJS() as unknown);
    expect(canary.text(shown + JSON.stringify(read))).toBe(shown + JSON.stringify(read));
    expect(read).toMatchObject([{ kind: 'ConfigMap', metadata: { name: 'web' } }]);
  });

  it('hides Secrets in lists, and documents that cannot be read', () => {
    const list = `---\napiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Secret, data: {a: eA==}}\n`;
    expect(maskManifest(list, NOTHING)).not.toContain('eA==');
    expect(maskManifest('---\nkind: Secret\n  data: [broken\n', NOTHING)).toBe(
      '---\n# not shown: it may hold a secret and cannot be read\n',
    );
  });

  it('keeps documents that only mention Secrets', () => {
    const role = `---\nkind: Role\nrules: [{resources: [Secrets]}]\n`;
    expect(maskManifest(role, NOTHING)).toBe(role);
  });
});
