/** The text-based exposition format of Prometheus, version 0.0.4. */

/** A metric family. */
export interface Metric {
  readonly name: string
  readonly type: "gauge" | "counter" | "histogram"
  readonly help: string
  /** Made when they are asked for, as there may be many. */
  readonly samples: Iterable<Sample>
}

/** A value with its labels. */
export interface Sample {
  /** What follows the name of the metric: a histogram has several values of each. */
  readonly suffix?: "_bucket" | "_sum" | "_count"
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** The media type of the format. */
export const contentType = "text/plain; version=0.0.4; charset=utf-8"

/** Yields the text of metrics, a sample at a time. Metrics without samples are left out. */
export const pieces = function* (metrics: readonly Metric[]): Generator<string, void> {
  let isFirst = true
  for (const { name, type, help, samples } of metrics) {
    let head = `${isFirst ? "" : "\n"}# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`
    for (const sample of samples) {
      yield `${head}${line(name, sample)}\n`
      head = ""
      isFirst = false
    }
  }
}

const line = (name: string, { suffix, labels, value }: Sample): string => {
  const named = Object.entries(labels).map(([label, text]) => `${label}="${escape(text)}"`)
  return `${name}${suffix ?? ""}${named.length === 0 ? "" : `{${named.join(", ")}}`} ${number(value)}`
}

const number = (value: number): string => String(value).replace("Infinity", "Inf").replace(/^Inf/, "+Inf")

const escapeHelp = (text: string): string => text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")

const escape = (text: string): string => escapeHelp(text).replaceAll('"', '\\"').toWellFormed()
