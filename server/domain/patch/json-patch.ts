import { unescapePointer } from '../../../contract/json-pointer.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts';
import { asString } from '../json/json-reading.ts';
import { cutName } from '../bounds/cut-name.ts';
import { createPatchWork, type PatchWork } from './patch-work.ts';
import { PatchFailed } from './patch-failed.ts';
import { setKey } from '../json/set-key.ts';

/** The limit of the API server. */
const MAX_OPERATIONS = 10_000;
/** No Kubernetes object is deeper; deeper operations only create something that cannot be displayed. */
const MAX_STEPS = 64;

type Holder = JsonObject | JsonValue[];

/**
 * Applies a JSON patch (RFC 6902), completely or not at all; the document is not changed. Its work is bounded: copies
 * count with their size.
 * @throws PatchFailed
 */
export function applyJsonPatch(
  document: JsonValue,
  operations: readonly JsonObject[],
  work: PatchWork = createPatchWork(),
): JsonValue {
  if (operations.length > MAX_OPERATIONS) {
    throw new PatchFailed(`it has ${operations.length} operations, and at most ${MAX_OPERATIONS} are allowed`);
  }
  const draft = createDraft(document, work);
  operations.forEach((operation, index) => {
    try {
      applyOperation(draft, operation);
    } catch (error) {
      throw error instanceof PatchFailed ? new PatchFailed(`operation ${index}: ${error.message}`) : error;
    }
  });
  return draft.document();
}

function applyOperation(draft: Draft, operation: JsonObject): void {
  const path = parsePointer(operation['path']);
  switch (operation['op']) {
    case 'add':
      return draft.add(path, valueOf(operation));
    case 'replace':
      if (path.length > 0) {
        draft.remove(path);
      }
      return draft.add(path, valueOf(operation));
    case 'remove':
      return void draft.remove(path);
    case 'copy':
      return draft.add(path, draft.copy(parsePointer(operation['from'])));
    case 'move': {
      const from = parsePointer(operation['from']);
      if (from.length < path.length && from.every((step, at) => step === path[at])) {
        throw new PatchFailed('nothing can be moved into itself');
      }
      return draft.add(path, draft.remove(from));
    }
    case 'test':
      if (!draft.equals(path, valueOf(operation))) {
        throw new PatchFailed(`the test of ${cutName(asString(operation['path']))} failed`);
      }
      return undefined;
    default:
      throw new PatchFailed(`there is no operation ${cutName(JSON.stringify(operation['op'] ?? null))}`);
  }
}

function valueOf({ value }: JsonObject): JsonValue {
  if (value === undefined) {
    throw new PatchFailed('it has no value');
  }
  return value;
}

function parsePointer(pointer: JsonValue | undefined): string[] {
  if (typeof pointer !== 'string' || (pointer !== '' && !pointer.startsWith('/'))) {
    throw new PatchFailed(`${cutName(JSON.stringify(pointer ?? null))} is not a JSON pointer`);
  }
  const steps = pointer.split('/', MAX_STEPS + 2).slice(1);
  if (steps.length > MAX_STEPS) {
    throw new PatchFailed(`the path ${cutName(pointer)} has more than ${MAX_STEPS} steps`);
  }
  return steps.map(unescapePointer);
}

/** A document being patched; a part is copied when it is first changed, and only once. */
interface Draft {
  add(path: readonly string[], value: JsonValue): void;
  /** Returns the removed value. */
  remove(path: readonly string[]): JsonValue;
  /** A copy of the value that shares nothing. */
  copy(path: readonly string[]): JsonValue;
  equals(path: readonly string[], value: JsonValue): boolean;
  document(): JsonValue;
}

function createDraft(document: JsonValue, work: PatchWork): Draft {
  const own = new Set<Holder>();
  let root = document;

  function owned<T extends JsonValue>(value: T): T {
    if (typeof value !== 'object' || value === null || own.has(value)) {
      return value;
    }
    const copy: Holder = Array.isArray(value) ? value.slice() : isJsonObject(value) ? { ...value } : {};
    work.spend(Object.keys(copy).length);
    own.add(copy);
    return copy as T;
  }

  /** The owned container of the last step of a path. */
  function holderOf(path: readonly string[]): JsonValue {
    root = owned(root);
    let at = root;
    for (const step of path.slice(0, -1)) {
      const child = owned(childOf(at, step));
      if (Array.isArray(at)) {
        at[Number(step)] = child;
      } else {
        setKey(at as JsonObject, step, child);
      }
      at = child;
    }
    return at;
  }

  const read = (path: readonly string[]) => path.reduce((at, step) => childOf(at, step), root);

  return {
    add(path, value) {
      const step = path.at(-1);
      if (step === undefined) {
        root = value;
        return;
      }
      const holder = holderOf(path);
      if (Array.isArray(holder)) {
        const at = step === '-' ? holder.length : position(step, holder.length);
        work.spend((holder.length - at) / 16);
        holder.splice(at, 0, value);
      } else if (isJsonObject(holder)) {
        setKey(holder, step, value);
      } else {
        throw new PatchFailed(
          `nothing can be added at ${JSON.stringify(cutName(step))}: its parent is neither an object nor an array`,
        );
      }
    },
    remove(path) {
      const step = path.at(-1);
      if (step === undefined) {
        throw new PatchFailed('the whole object cannot be removed');
      }
      const holder = holderOf(path);
      const value = childOf(holder, step);
      if (Array.isArray(holder)) {
        work.spend((holder.length - Number(step)) / 16);
        holder.splice(Number(step), 1);
      } else {
        delete (holder as JsonObject)[step];
      }
      return value;
    },
    copy(path) {
      const value = read(path);
      work.measure(value);
      return structuredClone(value);
    },
    equals: (path, value) => work.isEqual(read(path), value),
    document: () => root,
  };
}

function childOf(parent: JsonValue, step: string): JsonValue {
  if (Array.isArray(parent)) {
    return parent[position(step, parent.length - 1)] ?? null;
  }
  const child = isJsonObject(parent) && Object.hasOwn(parent, step) ? parent[step] : undefined;
  if (child === undefined) {
    throw new PatchFailed(`there is no ${JSON.stringify(cutName(step))} where the path leads`);
  }
  return child;
}

function position(step: string, highest: number): number {
  if (!/^(0|[1-9]\d*)$/.test(step) || Number(step) > highest) {
    throw new PatchFailed(`there is no entry ${JSON.stringify(cutName(step))} in the array that the path leads to`);
  }
  return Number(step);
}
