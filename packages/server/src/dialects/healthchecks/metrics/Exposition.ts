/** The text-based exposition format of Prometheus, version 0.0.4. */

/** A metric family. */
export interface Metric {
  readonly name: string
  readonly type: "gauge" | "counter"
  readonly help: string
  readonly samples: readonly Sample[]
}

/** A value with its labels. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** The media type of the format. */
export const contentType = "text/plain; version=0.0.4; charset=utf-8"

/** Returns the metrics as text. Metrics without samples are left out. */
export const print = (metrics: readonly Metric[]): string =>
  metrics
    .filter(({ samples }) => samples.length > 0)
    .map(({ name, type, help, samples }) =>
      [`# HELP ${name} ${escapeHelp(help)}`, `# TYPE ${name} ${type}`, ...samples.map(line(name)), ""].join(
        "\n",
      ),
    )
    .join("\n")

const line =
  (name: string) =>
  ({ labels, value }: Sample): string => {
    const named = Object.entries(labels).map(([label, text]) => `${label}="${escape(text)}"`)
    return `${name}${named.length === 0 ? "" : `{${named.join(", ")}}`} ${value}`
  }

const escapeHelp = (text: string): string => text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")

const escape = (text: string): string => escapeHelp(text).replaceAll('"', '\\"').toWellFormed()
