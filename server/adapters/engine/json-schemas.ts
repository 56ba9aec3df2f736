import { Type } from 'typebox';
import type { JsonObject } from '../../domain/json/json.ts';

/** A JSON object whose contents are checked by its user. */
export const jsonObject = Type.Unsafe<JsonObject>(Type.Object({}));

export const text = Type.String();
export const texts = Type.Array(Type.String());
export const textMap = Type.Record(Type.String(), Type.String());
