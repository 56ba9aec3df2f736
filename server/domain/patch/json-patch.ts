import { isJsonObject, type JsonObject, type JsonValue } from '../json.ts';
import { asString } from '../json-reading.ts';
import { sortedJson } from '../sorted-json.ts';
import { PatchFailed } from './patch-failed.ts';

/** Applies a JSON patch (RFC 6902), all of it or nothing; the document is not changed. @throws PatchFailed */
export function applyJsonPatch(document: JsonValue, operations: readonly JsonObject[]): JsonValue {
  return operations.reduce<JsonValue>((patched, operation, index) => {
    try {
      return applyOperation(patched, operation);
    } catch (error) {
      throw error instanceof PatchFailed ? new PatchFailed(`operation ${index}: ${error.message}`) : error;
    }
  }, document);
}

function applyOperation(document: JsonValue, operation: JsonObject): JsonValue {
  const path = parsePointer(operation['path']);
  switch (operation['op']) {
    case 'add':
      return add(document, path, valueOf(operation));
    case 'replace':
      return path.length === 0 ? valueOf(operation) : add(remove(document, path), path, valueOf(operation));
    case 'remove':
      return remove(document, path);
    case 'copy':
      return add(document, path, read(document, parsePointer(operation['from'])));
    case 'move': {
      const from = parsePointer(operation['from']);
      if (from.length < path.length && from.every((step, at) => step === path[at])) {
        throw new PatchFailed('nothing can be moved into itself');
      }
      const value = read(document, from);
      return add(remove(document, from), path, value);
    }
    case 'test':
      if (sortedJson(read(document, path)) !== sortedJson(valueOf(operation))) {
        throw new PatchFailed(`the test of ${asString(operation['path'])} failed`);
      }
      return document;
    default:
      throw new PatchFailed(`there is no operation ${JSON.stringify(operation['op'] ?? null)}`);
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
    throw new PatchFailed(`${JSON.stringify(pointer ?? null)} is no JSON pointer`);
  }
  const steps = pointer.split('/').slice(1);
  return steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function read(document: JsonValue, path: readonly string[]): JsonValue {
  return path.reduce((at, step) => childOf(at, step), document);
}

function childOf(parent: JsonValue, step: string): JsonValue {
  if (Array.isArray(parent)) {
    return parent[position(step, parent.length - 1)] ?? null;
  }
  const child = isJsonObject(parent) && Object.hasOwn(parent, step) ? parent[step] : undefined;
  if (child === undefined) {
    throw new PatchFailed(`there is no ${JSON.stringify(step)} where the path leads`);
  }
  return child;
}

/** Rewrites the parent of the place that `path` names. */
function atParent(
  document: JsonValue,
  [step = '', ...rest]: readonly string[],
  change: (parent: JsonValue, step: string) => JsonValue,
): JsonValue {
  if (rest.length === 0) {
    return change(document, step);
  }
  const child = atParent(childOf(document, step), rest, change);
  return Array.isArray(document) ? document.with(Number(step), child) : { ...(document as JsonObject), [step]: child };
}

function add(document: JsonValue, path: readonly string[], value: JsonValue): JsonValue {
  if (path.length === 0) {
    return value;
  }
  return atParent(document, path, (parent, step) => {
    if (Array.isArray(parent)) {
      return parent.toSpliced(step === '-' ? parent.length : position(step, parent.length), 0, value);
    }
    if (!isJsonObject(parent)) {
      throw new PatchFailed(`nothing can be added at ${JSON.stringify(step)}: what holds it is no object and no array`);
    }
    return { ...parent, [step]: value };
  });
}

function remove(document: JsonValue, path: readonly string[]): JsonValue {
  if (path.length === 0) {
    throw new PatchFailed('the whole object cannot be removed');
  }
  return atParent(document, path, (parent, step) => {
    childOf(parent, step);
    return Array.isArray(parent)
      ? parent.toSpliced(Number(step), 1)
      : Object.fromEntries(Object.entries(parent as JsonObject).filter(([key]) => key !== step));
  });
}

function position(step: string, highest: number): number {
  if (!/^(0|[1-9]\d*)$/.test(step) || Number(step) > highest) {
    throw new PatchFailed(`there is no entry ${JSON.stringify(step)} in the array that the path leads to`);
  }
  return Number(step);
}
