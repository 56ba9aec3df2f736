/** Objects of one release, and of all releases of one answer, that a list shows. */
const MAX_OF_RELEASE = 1_000;
const MAX_OF_ANSWER = 50_000;

/** As much of a record as counts here. */
type Sized = { readonly objects: readonly unknown[] };

/**
 * The releases of a list whose objects are shown, as long as there is room for them: those with the fewest first, so
 * that the large releases of one user do not push out the small ones of others. A record may name ten thousand objects, and a list has
 * any number of records.
 */
export function listedInFull<R extends Sized>(records: readonly R[]): ReadonlySet<R> {
  const shown = new Set<R>();
  let left = MAX_OF_ANSWER;
  for (const record of records.toSorted((a, b) => a.objects.length - b.objects.length)) {
    const { length } = record.objects;
    if (length > Math.min(left, MAX_OF_RELEASE)) {
      break;
    }
    left -= length;
    shown.add(record);
  }
  return shown;
}
