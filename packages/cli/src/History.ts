/** How pings and flips look in a table. */
import type { Flip, Ping, ProbeResult } from "@overdue/client/management"
import type { Column } from "./Table.ts"

/** The columns of a table of pings. */
export const pingColumns: readonly Column<Ping>[] = [
  { title: "PING", text: ({ n }) => `#${n}` },
  { title: "TYPE", text: (ping) => kind(ping) },
  { title: "AT", text: ({ date }) => instant(date) },
  {
    title: "TOOK",
    text: ({ duration, probe }) =>
      duration !== undefined ? `${duration}s` : probe === undefined ? "–" : responseTime(probe),
    rank: 3,
  },
  {
    title: "FROM",
    text: ({ remote_addr, method, scheme, probe }) =>
      probe === undefined ? `${remote_addr} ${scheme} ${method}` : `probe ${regions(probe)}`.trimEnd(),
    rank: 1,
  },
  { title: "AGENT", text: ({ ua }) => ua || "–", isElastic: true, rank: 2 },
]

/** The longest of all regions. A threshold has none. */
const responseTime = (probe: readonly ProbeResult[]): string => {
  const times = probe.flatMap(({ response_time }) => response_time ?? [])
  return times.length === 0 ? "–" : `${Math.round(Math.max(...times))}ms`
}

const regions = (probe: readonly ProbeResult[]): string =>
  probe.flatMap(({ region }) => region ?? []).join(" ")

/** The columns of a table of flips. */
export const flipColumns: readonly Column<Flip>[] = [
  // Without details, as from Healthchecks, a flip to down looks like one to any other status but up.
  { title: "FLIP", text: ({ up, to }) => to ?? (up === 1 ? "up" : "not up") },
  { title: "AT", text: ({ timestamp }) => instant(timestamp) },
  { title: "REASON", text: ({ reason, quiet }) => `${reason ?? "–"}${quiet === true ? " (quiet)" : ""}` },
  {
    title: "REMARK",
    text: ({ diagnosis }) => diagnosis?.[0]?.text ?? "–",
    isElastic: true,
    rank: 1,
  },
]

/** Returns what a ping reported: `success`, or `fail 3` with an exit status. */
export const kind = ({ type, exit_status }: Ping): string => `${type}${exit_status ? ` ${exit_status}` : ""}`

/** Returns an instant to the second: `2026-01-31 12:00:00Z`. */
export const instant = (text: string): string => `${text.slice(0, 19).replace("T", " ")}Z`
