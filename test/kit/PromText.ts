/** A reader of the text format of Prometheus, as strict as its specification: what it cannot read is an error. */

/** A metric family. */
export interface Family {
  readonly type: string
  readonly help: string
  /** Values by the name and the labels, as they are written but without spaces: `name{a="b",c="d"}`. */
  readonly samples: Map<string, number>
}

const name = "[a-zA-Z_:][a-zA-Z0-9_:]*"
const label = `[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"`
const helpLine = new RegExp(`^# HELP (${name}) (.*)$`)
const typeLine = new RegExp(`^# TYPE (${name}) (counter|gauge|histogram|summary|untyped)$`)
const sampleLine = new RegExp(
  `^(${name})(\\{${label}(?:, ?${label})*\\})? ([+-]?(?:\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?|Inf)|NaN)$`,
)

/** Returns the families of a text by their names. Fails with the line that is wrong. */
export const parse = (text: string): ReadonlyMap<string, Family> => {
  if (!text.endsWith("\n")) throw new Error("the last line does not end")
  const families = new Map<string, Family>()
  let helped: readonly [name: string, help: string] | undefined
  let current: readonly [name: string, family: Family] | undefined
  for (const line of text.slice(0, -1).split("\n")) {
    if (line === "") continue
    const help = helpLine.exec(line)
    const type = typeLine.exec(line)
    const sample = sampleLine.exec(line)
    if (help !== null) helped = [help[1]!, help[2]!]
    else if (type !== null) {
      if (helped?.[0] !== type[1]) throw new Error(`a type without its help: ${line}`)
      if (families.has(type[1]!)) throw new Error(`a second group of a metric: ${line}`)
      current = [type[1]!, { type: type[2]!, help: helped![1], samples: new Map() }]
      families.set(...current)
    } else if (sample !== null && current !== undefined) add(current, sample, line)
    else throw new Error(`what is that? ${line}`)
  }
  return families
}

const add = (
  [of, { type, samples }]: readonly [string, Family],
  [, named, labels = "", value]: RegExpExecArray,
  line: string,
): void => {
  const suffix = named!.startsWith(of) ? named!.slice(of.length) : undefined
  const suffixes = type === "histogram" ? ["_bucket", "_sum", "_count"] : [""]
  if (suffix === undefined || !suffixes.includes(suffix)) throw new Error(`not of ${of}: ${line}`)
  const key = named + labels.replaceAll(/, (?=[a-zA-Z_]\w*=")/g, ",")
  if (samples.has(key)) throw new Error(`a series twice: ${line}`)
  samples.set(key, Number(value!.replace("Inf", "Infinity")))
}
