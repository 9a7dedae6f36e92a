/** A file of scenarios, one a line: transcripts and examples. */
import { isObject } from "./Compare.ts"
import * as Example from "./Example.ts"
import type { Scenario } from "./Scenario.ts"
import * as Transcript from "./Transcript.ts"

/** A row that is no scenario, counted from 1, and why. */
export class Unreadable extends Error {
  readonly line: number
  constructor(line: number, why: string) {
    super(why)
    this.line = line
  }
}

/** Reads JSON Lines; throws `Unreadable`. */
export const parse = (text: string): readonly Scenario[] =>
  text.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return []
    const scenario = parseRow(line)
    if (typeof scenario === "string") throw new Unreadable(index + 1, scenario)
    return [scenario]
  })

const parseRow = (line: string): Scenario | string => {
  let row: unknown
  try {
    row = JSON.parse(line)
  } catch (error) {
    return `no JSON: ${(error as Error).message}`
  }
  if (!isObject(row)) return "expected an object"
  if ("steps" in row) return Transcript.parse(row)
  if ("setup" in row) return Example.parse(row)
  return "neither a transcript (steps) nor an example (setup)"
}
