import { type TSchema, Type } from 'typebox';

/** A list of objects of the cluster. */
export function shownList<T extends TSchema>(name: string, item: T) {
  return Type.Object(
    {
      num: Type.Integer({ description: 'Number of items in this answer.' }),
      total: Type.Integer({ description: 'Number of all items that match.' }),
      items: Type.Array(item),
      continue: Type.Optional(Type.String({ description: 'Token of the next page; absent on the last one.' })),
    },
    { $id: name },
  );
}
