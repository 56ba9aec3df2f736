import type { DescribedRelease } from './release-info.ts';
import { jsonSize } from '../json/json-size.ts';
import { summarizeRelease } from './release-summary.ts';

const KiB = 1024;
const MiB = 1024 * KiB;

/** Bytes of one answer, of one release in it, and of the fields of a release that is above that even as a summary. */
const LIMITS = { all: 32 * MiB, each: 256 * KiB, summary: 64 * KiB, field: 4 * KiB };
/** Characters that are kept of a text above the limit of a field. */
const TEXT = 1_024;

/** The limits of one answer, in bytes; those of the product unless a test says otherwise. */
export type AnswerLimits = typeof LIMITS;

/**
 * The room of one answer about many releases: what anyone who writes records in a namespace can make others read is
 * bounded, and leaves room for the releases of others.
 */
export interface AnswerRoom {
  /**
   * The release as far as there is room for it: as it is; or without objects and values, `truncated`; or also without
   * whatever is too large in it. Null if there is no room for that.
   */
  fit<Info extends DescribedRelease>(info: Info): Info | null;
  /** The release without objects, values and whatever is too large in it, whether or not there is room for that. */
  least<Info extends DescribedRelease>(info: Info): Info;
  /** The bytes taken so far, about. */
  taken(): number;
}

/** `isShared`: the answer is about several namespaces, each of which gets at most half of the room. */
export function createAnswerRoom(isShared: boolean, limits: AnswerLimits = LIMITS): AnswerRoom {
  const held = new Map<string, number>();
  let all = 0;

  function take(namespace: string, size: number): void {
    all += size;
    held.set(namespace, (held.get(namespace) ?? 0) + size);
  }

  function shortest<Info extends DescribedRelease>(info: Info): Info {
    const summary: Info = { ...summarizeRelease(info), truncated: true };
    return jsonSize(summary, limits.summary) <= limits.summary ? summary : withoutLarge(summary, limits.field);
  }

  return {
    taken: () => all,
    least(info) {
      const short = shortest(info);
      take(info.namespace, jsonSize(short));
      return short;
    },
    fit(info) {
      const { namespace } = info;
      const own = held.get(namespace) ?? 0;
      const left = Math.min(limits.all - all, (isShared ? limits.all / 2 : limits.all) - own);
      const size = jsonSize(info, limits.each);
      if (size <= Math.min(limits.each, left)) {
        take(namespace, size);
        return info;
      }
      const short = shortest(info);
      const least = jsonSize(short);
      // Of a namespace that has used up its share at least the summaries are shown, so that each list is complete.
      if (all + least > limits.all && all > 0) {
        return null;
      }
      take(namespace, least);
      return short;
    },
  };
}

/** Fields that are null, and not absent, where there is nothing. */
const NULLABLE = new Set(['dependencies', 'releaseLabels', 'strategy']);

/** Without the fields that a record can make as large as it likes: labels, dependencies, a description. */
function withoutLarge<Info extends DescribedRelease>(info: Info, max: number): Info {
  const fields = Object.entries(info).flatMap(([key, value]: [string, unknown]) => {
    if (jsonSize(value, max) <= max) {
      return [[key, value] as const];
    }
    if (typeof value === 'string') {
      return [[key, `${value.slice(0, TEXT)}…`] as const];
    }
    if (Array.isArray(value)) {
      return [[key, []] as const];
    }
    return NULLABLE.has(key) ? [[key, null] as const] : [];
  });
  return Object.fromEntries(fields) as Info;
}
