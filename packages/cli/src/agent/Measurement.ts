/** One measurement of a machine, for people and for programs. */
import type { Metric } from "@overdue/probes/agent/Metric"
import type { Io } from "../Io.ts"
import * as Json from "../Json.ts"
import { columnsOf, paint } from "../Style.ts"
import { table } from "../Table.ts"

interface Row {
  readonly what: string
  readonly of: string
  readonly figure: string
}

/** Prints a measurement as a table, or as the report that would be sent. */
export const print = (io: Io, metrics: readonly Metric[], isJson: boolean): void => {
  if (isJson) return Json.print(io, { received_at: new Date().toISOString(), metrics })
  const rows = metrics.flatMap(rowsOf)
  io.stdout.write(
    table(
      rows,
      [
        { title: "METRIC", text: ({ what }) => what },
        { title: "OF", text: ({ of }) => of, isElastic: true },
        { title: "VALUE", text: ({ figure }) => figure },
      ],
      { columns: columnsOf(io), paint: paint(io) },
    ),
  )
}

const rowsOf = (metric: Metric): readonly Row[] => {
  const row = (of: string, figure: string): Row => ({ what: names[metric.type], of, figure })
  switch (metric.type) {
    case "cpu-total-usage":
    case "memory-usage":
    case "swap-usage":
      return [row("", `${metric.value} %`)]
    case "system-load-unified": {
      const { load1, load5, load15 } = metric.value
      return [row("1, 5 and 15 min", `${load1}  ${load5}  ${load15}`)]
    }
    case "disk-usage-unified":
      return Object.entries(metric.value).map(([at, { used, total, percent }]) =>
        row(at, `${percent} %, ${size(used)} of ${size(total)}`),
      )
    case "disk-io-unified":
      return Object.entries(metric.value).map(([name, { read, write }]) =>
        row(name, `${size(read)}/s read, ${size(write)}/s written`),
      )
    case "network-usage-unified":
      return Object.entries(metric.value).map(([name, { rx, tx }]) =>
        row(name, `${size(rx)}/s in, ${size(tx)}/s out`),
      )
    case "processes-unified":
      return metric.value.map(({ pid, name, cpu, memory }) =>
        row(`${pid} ${name}`, `${cpu} % of a core, ${memory} % of memory`),
      )
  }
}

const names: Readonly<Record<Metric["type"], string>> = {
  "cpu-total-usage": "cpu",
  "memory-usage": "memory",
  "swap-usage": "swap",
  "system-load-unified": "load",
  "disk-usage-unified": "disk",
  "disk-io-unified": "disk io",
  "network-usage-unified": "network",
  "processes-unified": "process",
}

const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"]

/** Returns bytes in the largest unit of which there is one: `1.5 GiB`. */
const size = (bytes: number): string => {
  let [rest, unit] = [bytes, 0]
  while (rest >= 1024 && unit < units.length - 1) {
    rest /= 1024
    unit++
  }
  return `${unit === 0 ? rest : rest.toFixed(1)} ${units[unit]}`
}
