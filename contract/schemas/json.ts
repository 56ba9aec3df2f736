import { Type, type Static, type TSchema } from 'typebox';

/** Any JSON value. */
export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;

/** A JSON object: values of charts, Kubernetes objects, configuration. */
export interface JsonObject {
  [key: string]: JsonValue;
}

/** A JSON object of any shape. */
export const AnyObject = Type.Unsafe<JsonObject>({ type: 'object' });

/** Any JSON value. */
export const AnyValue = Type.Unsafe<JsonValue>({});

/** An object whose values are strings: labels, dependencies. */
export const TextMap = Type.Unsafe<Record<string, string>>({
  type: 'object',
  additionalProperties: { type: 'string' },
});

/** `schema`, or null where the original Walm returned null. */
export function nullable<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()]);
}

/** `schema` with a description for its use in this place. */
export function described<T extends TSchema>(schema: T, description: string) {
  return Type.Unsafe<Static<T>>({ ...schema, description });
}
