/** Measures a machine again and again: what it uses now, and what has moved since the last time. */
import * as Container from "./Container.ts"
import * as Cpu from "./Cpu.ts"
import * as DiskIo from "./DiskIo.ts"
import * as Disks from "./Disks.ts"
import * as Figure from "./Figure.ts"
import * as Limits from "./Limits.ts"
import * as Load from "./Load.ts"
import type { Machine } from "./Machine.ts"
import * as Memory from "./Memory.ts"
import type { Metric } from "./Metric.ts"
import * as Network from "./Network.ts"
import * as Processes from "./Processes.ts"

/** How a machine is measured. */
export interface Terms {
  /** Seconds between two measurements. */
  readonly interval: number
  /** Prints one line for the person who reads stderr. */
  readonly say: (line: string) => void
}

/** Counters at one moment; what could not be read is `undefined`. */
interface Moment {
  /** Milliseconds on the clock of the machine that is never set. */
  readonly at: number
  /** Seconds since the start of the machine, sleep included. */
  readonly uptime: number | undefined
  readonly cpu: Cpu.Ticks | undefined
  readonly container: Container.Cpu | undefined
  readonly disks: ReadonlyMap<string, Figure.Pair> | undefined
  readonly network: ReadonlyMap<string, Figure.Pair> | undefined
  readonly processes: ReadonlyMap<number, Processes.Process> | undefined
}

/** Returns a function that measures. Its first answer, and the first after a gap, has nothing that needs two moments. */
export const make = (machine: Machine, terms: Terms): (() => readonly Metric[]) => {
  const tried = attempts(terms.say)
  const page = pageOf(machine)
  let before: Moment | undefined
  return () => {
    const moment = momentOf(machine, tried)
    const memory = tried("memory", "/proc/meminfo", () => Memory.parse(machine.read("/proc/meminfo")))
    const limited = memory && Container.memory(finding(machine), memory.total)
    const earlier = before !== undefined && isNear(before, moment, terms.interval) ? before : undefined
    before = moment
    const total = limited?.limit ?? memory?.total
    return [
      ...usageOf(machine, { tried, memory, limited }),
      ...(earlier === undefined ? [] : movedBetween(earlier, moment, { total, page })),
    ]
  }
}

/** Returns what a metric is read from; `undefined` when that fails, and says so the first time that it does for a reason. */
type Tried = <A>(metric: string, source: string, read: () => A) => A | undefined

const attempts = (say: Terms["say"]): Tried => {
  const said = new Set<string>()
  return (metric, source, read) => {
    try {
      return read()
    } catch (error) {
      const why = reason(error)
      if (!said.has(`${metric} ${source} ${why}`)) say(`${metric} is left out: ${source} ${why}`)
      // Of as many mounts or reasons as a machine may have, it is not remembered for ever what was said.
      if (said.size < 1000) said.add(`${metric} ${source} ${why}`)
      return undefined
    }
  }
}

const reason = (error: unknown): string => {
  if (error instanceof Figure.Unreadable) return error.message
  const code = error instanceof Error && "code" in error ? String(error.code) : String(error)
  return code === "ENOENT"
    ? "is not there"
    : code === "EACCES" || code === "EPERM"
      ? "may not be read by this user"
      : `cannot be read (${code})`
}

/** Reads what most machines do not have. */
const finding =
  (machine: Machine): Container.Find =>
  (path) => {
    try {
      return machine.read(path)
    } catch {
      return undefined
    }
  }

const momentOf = (machine: Machine, tried: Tried): Moment => {
  const find = finding(machine)
  const [uptime] = (find("/proc/uptime") ?? "").split(" ", 1)
  return {
    at: machine.now(),
    uptime: /^\d+(\.\d+)?$/.test(uptime ?? "") ? Number(uptime) : undefined,
    container: Container.cpu(find),
    // Only the first line is wanted, of a file that counts every interrupt.
    cpu: tried("cpu", "/proc/stat", () => Cpu.parse(machine.read("/proc/stat", 1024))),
    disks: tried("disk io", "/proc/diskstats", () => {
      const stats = machine.read("/proc/diskstats")
      return DiskIo.parse(stats, devicesOf(machine))
    }),
    network: tried("network", "/proc/net/dev", () => Network.parse(machine.read("/proc/net/dev"))),
    processes: tried("processes", "/proc", () => processesOf(machine)),
  }
}

/** Returns the names of whole devices; `undefined` where the system does not list them. */
const devicesOf = (machine: Machine): ReadonlySet<string> | undefined => {
  try {
    return new Set(machine.list("/sys/block"))
  } catch {
    return undefined
  }
}

const processesOf = (machine: Machine): ReadonlyMap<number, Processes.Process> => {
  const found = new Map<number, Processes.Process>()
  for (const name of machine.list("/proc")) {
    const first = name.charCodeAt(0)
    if (first < 0x30 || first > 0x39) continue
    let process: Processes.Process | undefined
    try {
      process = Processes.parse(machine.read(`/proc/${name}/stat`))
    } catch {
      // It has ended since, or is hidden from this user.
      continue
    }
    if (process !== undefined) found.set(process.pid, process)
  }
  if (found.size === 0) throw new Figure.Unreadable("shows no process to this user")
  return found
}

/** Whether the time between two moments is about an interval, on the clock that sleeps with the machine and on the other. */
const isNear = (before: Moment, after: Moment, interval: number): boolean => {
  const seconds = (after.at - before.at) / 1000
  if (!(seconds > 0) || seconds > Limits.gap * interval) return false
  if (before.uptime === undefined || after.uptime === undefined) return true
  return after.uptime - before.uptime <= Limits.gap * interval
}

interface Read {
  readonly tried: Tried
  readonly memory: Memory.Memory | undefined
  readonly limited: Container.Memory | undefined
}

/** What one moment tells. */
const usageOf = (machine: Machine, { tried, memory, limited }: Read): readonly Metric[] => {
  const metrics: Metric[] = []
  if (memory !== undefined) {
    const used = limited === undefined ? Memory.usage(memory) : Figure.percent(limited.used, limited.limit)
    metrics.push({ type: "memory-usage", value: used })
    const swap = (limited && Container.swapUsage(finding(machine))) ?? Memory.swapUsage(memory)
    metrics.push({ type: "swap-usage", value: swap })
  }
  const load = tried("load", "/proc/loadavg", () => Load.parse(machine.read("/proc/loadavg")))
  if (load !== undefined) metrics.push({ type: "system-load-unified", value: load })
  const mounts = tried("disk usage", "/proc/self/mountinfo", () =>
    Disks.chosen(Disks.parse(machine.read("/proc/self/mountinfo")), (path) => isFolder(machine, path)),
  )
  const disks = (mounts ?? []).slice(0, Limits.names).flatMap(({ at }) => {
    const usage = tried("disk usage", JSON.stringify(at), () => Disks.usage(machine.space(at)))
    return usage === undefined ? [] : [[at, usage] as const]
  })
  if (disks.length > 0) metrics.push({ type: "disk-usage-unified", value: Object.fromEntries(disks) })
  return metrics
}

const isFolder = (machine: Machine, path: string): boolean => {
  try {
    return machine.isFolder(path)
  } catch {
    return false
  }
}

interface Whole {
  /** Bytes of memory; `undefined` when it is not known. */
  readonly total: number | undefined
  readonly page: number
}

/** What two moments tell. */
const movedBetween = (before: Moment, after: Moment, { total, page }: Whole): readonly Metric[] => {
  const metrics: Metric[] = []
  const seconds = (after.at - before.at) / 1000
  const cpu = cpuBetween(before, after, seconds)
  if (cpu !== undefined) metrics.push({ type: "cpu-total-usage", value: cpu })
  const [disks, network] = (["disks", "network"] as const).map((name) =>
    Figure.rates(before[name] ?? new Map(), after[name] ?? new Map(), { seconds, most: Limits.names }),
  )
  if (disks!.length > 0) {
    const value = Object.fromEntries(disks!.map(([name, [read, write]]) => [name, { read, write }]))
    metrics.push({ type: "disk-io-unified", value })
  }
  if (network!.length > 0) {
    const value = Object.fromEntries(network!.map(([name, [rx, tx]]) => [name, { rx, tx }]))
    metrics.push({ type: "network-usage-unified", value })
  }
  if (before.processes !== undefined && after.processes !== undefined && total !== undefined) {
    const span = { seconds, since: before.uptime, total, page }
    metrics.push({ type: "processes-unified", value: Processes.top(before.processes, after.processes, span) })
  }
  return metrics
}

const cpuBetween = (before: Moment, after: Moment, seconds: number): number | undefined => {
  if (before.container !== undefined && after.container !== undefined)
    return Container.cpuUsage(before.container, after.container, seconds)
  return before.cpu && after.cpu && Cpu.usage(before.cpu, after.cpu)
}

/** Bytes of a page: 4 KiB, but for some machines with ARM or POWER. */
const pageOf = (machine: Machine): number => {
  let smaps = ""
  try {
    smaps = machine.read("/proc/self/smaps", 1024)
  } catch {
    // A kernel may be built without it.
  }
  const [, kibibytes] = /^KernelPageSize: +(\d+) kB$/m.exec(smaps) ?? []
  return kibibytes === undefined ? 4096 : Number(kibibytes) * 1024
}
