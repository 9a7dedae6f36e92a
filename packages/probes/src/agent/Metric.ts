/** What a report says of a machine: the metrics of a server monitor, in the shapes in which the server takes them. */
import type { Usage } from "./Disks.ts"
import type { Load } from "./Load.ts"
import type { Row } from "./Processes.ts"

/** Bytes a second by name. */
type Rates<Name extends string> = Readonly<Record<string, Readonly<Record<Name, number>>>>

/** One metric. */
export type Metric =
  /** A percentage, with two decimals. */
  | { readonly type: "cpu-total-usage" | "memory-usage" | "swap-usage"; readonly value: number }
  | { readonly type: "system-load-unified"; readonly value: Load }
  /** By the path where it is mounted. */
  | { readonly type: "disk-usage-unified"; readonly value: Readonly<Record<string, Usage>> }
  | { readonly type: "disk-io-unified"; readonly value: Rates<"read" | "write"> }
  | { readonly type: "network-usage-unified"; readonly value: Rates<"rx" | "tx"> }
  | { readonly type: "processes-unified"; readonly value: readonly Row[] }
