import type { Warning } from '../../../contract/schemas/warning.ts';
import type { JsonObject, JsonValue } from '../json/json.ts';
import { asObject, asObjects, asString } from '../json/json-reading.ts';
import { readObjectRef } from '../kube/kube-object.ts';

/** Annotation of a ReleaseConfig: the warnings of writing the revision, as a JSON array, for its history. */
export const WARNINGS_ANNOTATION = 'walm.io/warnings';

/** Helm's record has its own limit, and all annotations together may have 256 KiB: further warnings are dropped. */
const MAX_BYTES = 32 * 1024;

/** The annotation that records warnings, each once; none if there is nothing to record. */
export function warningsAnnotation(warnings: readonly Warning[]): Record<string, string> {
  const texts = new Set<string>();
  let bytes = 2;
  for (const warning of warnings) {
    const text = JSON.stringify(warning);
    bytes += Buffer.byteLength(text) + 1;
    if (bytes > MAX_BYTES) {
      break;
    }
    texts.add(text);
  }
  return texts.size === 0 ? {} : { [WARNINGS_ANNOTATION]: `[${[...texts].join(',')}]` };
}

/** The warnings in a ReleaseConfig's annotations; none if Walm did not write them. */
export function readRecordedWarnings(annotations: Readonly<Record<string, string>>): Warning[] {
  let recorded: JsonValue;
  try {
    recorded = JSON.parse(annotations[WARNINGS_ANNOTATION] ?? '[]') as JsonValue;
  } catch {
    return [];
  }
  return asObjects(recorded).map(({ code, message, object, count, path }) => ({
    code: asString(code),
    message: asString(message),
    ...(object !== undefined && { object: readObjectRef(asObject(object)) }),
    ...(typeof count === 'number' && { count }),
    ...(path !== undefined && { path: asString(path) }),
  }));
}

/** A ReleaseConfig with further warnings recorded. */
export function withWarnings(releaseConfig: JsonObject, more: readonly Warning[]): JsonObject {
  const metadata = asObject(releaseConfig['metadata']);
  const annotations = asObject(metadata['annotations']);
  const recorded = readRecordedWarnings({ [WARNINGS_ANNOTATION]: asString(annotations[WARNINGS_ANNOTATION]) || '[]' });
  return {
    ...releaseConfig,
    metadata: { ...metadata, annotations: { ...annotations, ...warningsAnnotation([...recorded, ...more]) } },
  };
}
