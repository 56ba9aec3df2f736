/**
 * Divides the members of a project into waves: each member is in the first one after all that it comes `after`. Inside a
 * wave the order is that of the members. The members must form no cycle (`wireProject` refuses it).
 */
export function wavesOf<Member extends { name: string; after: readonly string[] }>(
  members: readonly Member[],
): Member[][] {
  const dependents = new Map<string, Member[]>(members.map(({ name }) => [name, []]));
  const open = new Map<string, number>(members.map(({ name, after }) => [name, after.length]));
  members.forEach((member) => member.after.forEach((name) => dependents.get(name)?.push(member)));
  const place = new Map(members.map(({ name }, at) => [name, at]));
  const waves: Member[][] = [];
  for (let wave = members.filter(({ after }) => after.length === 0); wave.length > 0;) {
    waves.push(wave);
    const next: Member[] = [];
    for (const { name } of wave) {
      for (const dependent of dependents.get(name) ?? []) {
        const left = (open.get(dependent.name) ?? 0) - 1;
        open.set(dependent.name, left);
        if (left === 0) {
          next.push(dependent);
        }
      }
    }
    wave = next.toSorted((a, b) => (place.get(a.name) ?? 0) - (place.get(b.name) ?? 0));
  }
  return waves;
}
