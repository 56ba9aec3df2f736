import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** One request that the original Walm answered, and what it answered. */
export interface Capture {
  /** `037-upgrade-tomcat-repo-labels-values-plugin`; captures were made in the order of their numbers. */
  id: string;
  request: {
    method: string;
    path: string;
    headers: Record<string, string>;
    /** JSON, or the literal text where it is no JSON. */
    body: unknown;
    form: Record<string, string> | null;
    /** Form field → file name of a chart archive. */
    files: Record<string, string> | null;
  };
  /** `body` is null where it was empty or no JSON. */
  response: { status: number; body: unknown };
}

const FOLDER = fileURLToPath(new URL('../../../shared/reference/captures/', import.meta.url));

/** Why captures are not replayed. */
export const NO_CAPTURES = 'the folder ../shared/reference/captures beside the checkout is absent';

/** The captures in their order; undefined where the folder is absent. On CI that is an error. */
export function readCaptures(): Capture[] | undefined {
  if (!existsSync(FOLDER)) {
    if (process.env['CI'] === 'true') throw new Error(NO_CAPTURES);
    return undefined;
  }
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json'))
    .toSorted()
    .map((name) => ({ ...(JSON.parse(readFileSync(FOLDER + name, 'utf8')) as Capture), id: name.slice(0, -5) }));
}
