export function listThings(): string[] {
  return [];
}
