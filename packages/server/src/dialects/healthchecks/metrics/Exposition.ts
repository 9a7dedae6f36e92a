/** The text format in which Prometheus reads metrics (exposition format 0.0.4). */

export interface Metric {
  readonly name: string
  readonly type: "gauge" | "counter"
  readonly help: string
  readonly samples: readonly Sample[]
}

export interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export const contentType = "text/plain; version=0.0.4; charset=utf-8"

/** A metric without samples is left out. */
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
