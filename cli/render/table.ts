import { cutTo, oneLine, padTo, widthOf } from './width.ts';

/** How a table is written. */
export interface TableStyle {
  readonly headers: boolean;
  /** Columns of the terminal; undefined where nothing is to be cut. */
  readonly width?: number | undefined;
  /** The column that is cut to fit: that of the messages; -1 or absent: none. */
  readonly cut?: number;
}

/** Two spaces between columns, as kubectl has it. */
const GAP = 2;
const MIN_CUT = 12;

/**
 * Writes a table: columns as wide as their widest cell, nothing behind the last one. Cells are one line each; an empty
 * one is `-` only where `blank` of the column is not allowed by the caller, who writes what it wants to see.
 */
export function tableLines(head: readonly string[], rows: readonly (readonly string[])[], style: TableStyle): string[] {
  const clean = rows.map((row) => row.map(oneLine));
  const all = style.headers ? [head, ...clean] : clean;
  const widths = head.map((_, column) => Math.max(0, ...all.map((row) => widthOf(row[column] ?? ''))));
  const cut = style.cut ?? -1;
  if (style.width !== undefined && cut >= 0) {
    const others = widths.reduce((sum, width, column) => (column === cut ? sum : sum + width + GAP), 0);
    widths[cut] = Math.min(widths[cut] ?? 0, Math.max(MIN_CUT, style.width - others));
  }
  return all.map((row) =>
    head
      .map((_, column) => {
        const cell = column === cut ? cutTo(row[column] ?? '', widths[column] ?? 0) : (row[column] ?? '');
        return column === head.length - 1 ? cell : padTo(cell, (widths[column] ?? 0) + GAP);
      })
      .join('')
      .trimEnd(),
  );
}
