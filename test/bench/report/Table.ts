/** A table for people: the first column to the left, figures to the right. */
import { styleText } from "node:util"

export type Row = ReadonlyArray<string>

/** Lines under a heading, in columns as wide as their widest cell. */
export const format = (heading: Row, rows: ReadonlyArray<Row>): string => {
  const widths = heading.map((_, column) =>
    Math.max(...[heading, ...rows].map((row) => row[column]?.length ?? 0)),
  )
  const line = (row: Row): string =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join("   ")
      .trimEnd()
  return [styleText("bold", line(heading), { stream: process.stdout }), ...rows.map(line), ""].join("\n")
}

/** "74 ns", "85.3 µs", "1.2 ms". */
export const duration = (nanoseconds: number): string => {
  if (nanoseconds < 1000) return `${nanoseconds.toFixed(0)} ns`
  if (nanoseconds < 1e6) return `${(nanoseconds / 1000).toFixed(1)} µs`
  return `${(nanoseconds / 1e6).toFixed(1)} ms`
}
