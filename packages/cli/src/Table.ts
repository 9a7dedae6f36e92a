/** Rows in aligned columns that fit the terminal. */
import type { Colour, Paint } from "./Style.ts"
import { plain } from "./Style.ts"
import { fit, width } from "./Width.ts"

/** A column: its title, and its text for a row. */
export interface Column<A> {
  readonly title: string
  readonly text: (row: A) => string
  readonly colour?: (row: A) => Colour | undefined
  /** Whether its texts may be cut when the terminal is too narrow. The widest is cut first. */
  readonly isElastic?: true
  /** Columns that an elastic column keeps as long as another can be left out instead; by default 10. */
  readonly least?: number
  /** When cutting is not enough, the column of the highest rank is left out first, and one without a rank never is. */
  readonly rank?: number
}

const gap = "  "

/** Returns the table with a line of titles. `columns` is the width of the terminal; `undefined` cuts nothing. */
export const table = <A>(
  rows: readonly A[],
  all: readonly Column<A>[],
  { columns, paint }: { readonly columns: number | undefined; readonly paint: Paint },
): string => {
  const { shape, cells, widths } = columns === undefined ? measured(rows, all) : fitted(rows, all, columns)
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

/** Columns with their texts, row by row, and their widths. */
interface Measured<A> {
  readonly shape: readonly Column<A>[]
  readonly cells: readonly (readonly string[])[]
  readonly widths: readonly number[]
}

const measured = <A>(rows: readonly A[], shape: readonly Column<A>[]): Measured<A> => {
  const cells = rows.map((row) => shape.map(({ text }) => plain(text(row))))
  const widths = shape.map(({ title }, index) =>
    cells.reduce((most, line) => Math.max(most, width(line[index]!)), width(title)),
  )
  return { shape, cells, widths }
}

/** Leaves out what must be left out, and cuts the rest. */
const fitted = <A>(rows: readonly A[], all: readonly Column<A>[], columns: number): Measured<A> => {
  const natural = measured(rows, all)
  let kept = all.map((_, index) => index)
  const least = natural.widths.map((width, index) =>
    all[index]!.isElastic ? Math.min(width, all[index]!.least ?? 10) : width,
  )
  while (total(kept.map((index) => least[index]!)) > columns) {
    const ranks = kept.map((index) => all[index]!.rank ?? 0)
    const highest = Math.max(...ranks)
    if (highest === 0) break
    const last = ranks.lastIndexOf(highest)
    kept = kept.filter((_, position) => position !== last)
  }
  const shape = kept.map((index) => all[index]!)
  const widths = kept.map((index) => natural.widths[index]!)
  shrink(
    widths,
    shape.map(({ isElastic }, index) => (isElastic ? least[kept[index]!]! : Infinity)),
    columns,
  )
  // Not even that is enough: every column is cut, the widest first, and those that do not fit at all are left out.
  shrink(
    widths,
    shape.map(() => 1),
    columns,
  )
  while (widths.length > 1 && total(widths) > columns) widths.pop()
  const cells = natural.cells.map((line) => kept.slice(0, widths.length).map((index) => line[index]!))
  return { shape: shape.slice(0, widths.length), cells, widths }
}

const total = (widths: readonly number[]): number =>
  widths.reduce((sum, width) => sum + width, gap.length * (widths.length - 1))

/** Takes from the widest column that is above its lower bound, until all fit or none is left. */
const shrink = (widths: number[], least: readonly number[], columns: number): void => {
  while (total(widths) > columns) {
    const spare = widths.map((width, index) => (width > least[index]! ? width : 0))
    const widest = Math.max(...spare)
    if (widest === 0) return
    widths[spare.indexOf(widest)]!--
  }
}
