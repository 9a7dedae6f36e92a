/** Rows in aligned columns that fit the terminal. */
import type { Colour, Paint } from "./Style.ts"
import { fit, plain, width } from "./Style.ts"

/** A column: its title, and its text for a row. */
export interface Column<A> {
  readonly title: string
  readonly text: (row: A) => string
  readonly colour?: (row: A) => Colour | undefined
  /** Whether its texts may be cut, down to ten columns, when the terminal is too narrow. The widest is cut first. */
  readonly isElastic?: true
}

const gap = "  "

/** Returns the table with a line of titles. `columns` is the width of the terminal; `undefined` cuts nothing. */
export const table = <A>(
  rows: readonly A[],
  shape: readonly Column<A>[],
  { columns, paint }: { readonly columns: number | undefined; readonly paint: Paint },
): string => {
  const cells = rows.map((row) => shape.map(({ text }) => plain(text(row))))
  const widths = shape.map(({ title }, index) =>
    Math.max(width(title), ...cells.map((line) => width(line[index]!))),
  )
  if (columns !== undefined) shrink(widths, shape, columns)
  const line = (texts: readonly string[], colour: (index: number) => Colour | undefined) =>
    texts
      .map((text, index) => {
        const kept = fit(text, widths[index]!)
        const isLast = index === texts.length - 1
        const padding = isLast ? "" : " ".repeat(widths[index]! - width(kept))
        const chosen = colour(index)
        return (chosen === undefined ? kept : paint(chosen, kept)) + padding
      })
      .join(gap)
      .trimEnd()
  const titles = shape.map(({ title }) => title)
  return [
    line(titles, () => "bold"),
    ...cells.map((texts, row) => line(texts, (index) => shape[index]!.colour?.(rows[row]!))),
    "",
  ].join("\n")
}

const shrink = <A>(widths: number[], shape: readonly Column<A>[], columns: number): void => {
  const excess = () => widths.reduce((sum, width) => sum + width, gap.length * (widths.length - 1)) - columns
  while (excess() > 0) {
    const elastic = widths.map((width, index) => (shape[index]!.isElastic ? width : 0))
    const widest = Math.max(...elastic)
    if (widest <= 10) return
    widths[elastic.indexOf(widest)]!--
  }
}
