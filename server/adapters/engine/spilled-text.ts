import { randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import type { JsonValue } from '../../domain/json/json.ts';
import { answerNotUnderstood, engineStopped } from './engine-problem.ts';

/** A text of an answer: in the message, or a file in the spill folder that the server deletes. */
export const spilledText = Type.Union([
  Type.Object({ inline: Type.String() }),
  Type.Object({ file: Type.String({ pattern: '^[A-Za-z0-9]+$' }) }),
]);
export type SpilledText = Static<typeof spilledText>;

const bareText = Compile(spilledText);

/** An answer that is a single text. */
export function parseSpilledText(answer: unknown, method: string): SpilledText {
  if (!bareText.Check(answer)) throw answerNotUnderstood(method);
  return answer;
}

/** Maximum length in UTF-16 units of a text in a message, the same as in the engine. */
export const INLINE_LIMIT = 64 * 1024;

/** Texts passed through one engine's spill folder, each read once. */
export type SpillFolder = {
  text(spilled: SpilledText): Promise<string>;
  json(spilled: SpilledText): Promise<JsonValue>;
  write(content: string): Promise<SpilledText>;
};

export function createSpillFolder(folder: string): SpillFolder {
  const text = async (spilled: SpilledText): Promise<string> => {
    if ('inline' in spilled) return spilled.inline;
    const path = join(folder, spilled.file);
    const content = await readFile(path, 'utf8').catch((error: unknown) => {
      // The folder is removed together with its engine.
      throw isMissing(error) ? engineStopped() : error;
    });
    await rm(path, { force: true });
    return content;
  };
  return {
    text,
    json: async (spilled) => JSON.parse(await text(spilled)) as JsonValue,
    async write(content) {
      if (content.length <= INLINE_LIMIT) return { inline: content };
      const file = randomUUID().replaceAll('-', '');
      await writeFile(join(folder, file), content, { mode: 0o600 });
      return { file };
    },
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
