import type { Warning } from '../../../contract/schemas/warning.ts';
import { metainfoFaults } from './metainfo-faults.ts';
import { type Metainfo, parseMetainfo } from './metainfo.ts';

const FOLDER = 'transwarp-meta';
const FILE = 'metainfo.yaml';
/** A file that is wrong throughout is not reported line by line. */
const MAX_FAULTS = 5;

type MetaFiles = Readonly<Record<string, Uint8Array>>;

/** The metainfo among the files of a chart's `transwarp-meta/`; null if there is none, or it cannot be read. */
export function metainfoOf(files: MetaFiles): Metainfo | null {
  const text = metainfoText(files);
  return text === undefined ? null : parseMetainfo(text);
}

/**
 * One warning for a metainfo that cannot be read, wholly or in part: the faulty parts have no effect (decision 13:
 * unknown fields are warnings).
 */
export function metainfoWarnings(files: MetaFiles): Warning[] {
  const faults = metainfoFaults(metainfoText(files) ?? '');
  if (faults.length === 0) {
    return [];
  }
  const shown = faults.slice(0, MAX_FAULTS);
  const more = faults.length - shown.length;
  const reasons = [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
  return [
    { code: 'METAINFO_INVALID', message: `${FOLDER}/${FILE} of the chart is ignored where it is wrong: ${reasons}` },
  ];
}

/** The text of the metainfo, as it is; undefined where there is none. */
export function metainfoText(files: MetaFiles): string | undefined {
  const file = Object.hasOwn(files, FILE) ? files[FILE] : undefined;
  return file === undefined ? undefined : new TextDecoder().decode(file);
}

/** The files of a chart that has this metainfo and no other one. */
export function metainfoFiles(text: string | null): MetaFiles {
  return text === null ? {} : { [FILE]: new TextEncoder().encode(text) };
}
