/** The use of a stored archive: when a change stored it (milliseconds), and for which task; `""`: for an unknown one. */
export type ArchiveUse = { readonly task: string; readonly at: number };

/**
 * An archive that was used less than this long ago, in milliseconds, may be needed by a task that is not known here
 * yet: the archive is stored before its task, and replicas hear of a task some time after it was stored. A watch whose
 * connection is dead is begun again after 18 s of silence, and lists again with growing pauses while the cluster is away.
 */
export const YOUNG_ARCHIVE_MS = 60_000;

/** Annotation of a stored archive: its latest uses, `<RFC 3339 time> <task>`, separated by commas. */
export const USES_ANNOTATION = 'walm.io/used';

/** More uses at once are one by an unknown task: others can write the annotation, too. */
const MAX_USES = 20;
const MAX_CHARS = 4096;
const TASK_ID = /^[a-z0-9]([a-z0-9-]{0,98}[a-z0-9])?$/;

/** The uses that the annotation names, at most `MAX_USES`; other text is ignored, because any editor can write it. */
export function readUses(annotation: string | undefined): ArchiveUse[] {
  const uses = (annotation ?? '').slice(0, MAX_CHARS).split(',').flatMap(readUse);
  return limited(uses);
}

/** The text of the annotation. */
export function writeUses(uses: readonly ArchiveUse[]): string {
  return uses.map(({ task, at }) => `${new Date(at).toISOString()} ${task}`.trimEnd()).join(',');
}

/** The uses with another one, without those that are not young any longer. */
export function withUse(uses: readonly ArchiveUse[], use: ArchiveUse): ArchiveUse[] {
  return limited(uses.filter((one) => one.task !== use.task && isYoung(one, use.at)).concat(use));
}

/** Uses of the parts of an archive as uses of the whole. */
export function unitedUses(parts: readonly (readonly ArchiveUse[])[]): ArchiveUse[] {
  const latest = new Map<string, ArchiveUse>();
  for (const use of parts.flat()) {
    if (use.at > (latest.get(use.task)?.at ?? Number.NEGATIVE_INFINITY)) {
      latest.set(use.task, use);
    }
  }
  return limited([...latest.values()]);
}

/** Whether a use is so recent that its task may be unknown here. */
export function isYoung({ at }: ArchiveUse, nowMs: number): boolean {
  return nowMs - at < YOUNG_ARCHIVE_MS;
}

function readUse(text: string): ArchiveUse[] {
  const [time = '', task = ''] = text.split(' ');
  const at = Date.parse(time);
  return Number.isNaN(at) ? [] : [{ task: TASK_ID.test(task) ? task : '', at }];
}

function limited(uses: readonly ArchiveUse[]): ArchiveUse[] {
  return uses.length <= MAX_USES ? [...uses] : [{ task: '', at: uses.reduce((last, { at }) => Math.max(last, at), 0) }];
}
