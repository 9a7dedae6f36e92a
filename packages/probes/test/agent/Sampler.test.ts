/** What is measured of machines on paper: kernels of several ages, containers, and files that are not as they should be. */
import { describe, expect, it } from "vitest"
import type { Metric } from "@overdue/probes/agent/Metric"
import * as Sampler from "@overdue/probes/agent/Sampler"
import * as Fixture from "./Fixture.ts"

const measuring = (fixture: Fixture.Fixture, interval = 10) => {
  const said: string[] = []
  const measure = Sampler.make(fixture, { interval, say: (line) => said.push(line) })
  return {
    said,
    measure: (): Readonly<Record<string, unknown>> => valuesOf(measure()),
  }
}

const valuesOf = (metrics: readonly Metric[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(metrics.map(({ type, value }) => [type, value]))

/** Measures twice, ten seconds apart, with what changes in between. */
const between = (before: Fixture.Files, after: Fixture.Files, seconds = 10) => {
  const fixture = Fixture.make({ ...Fixture.today, ...before })
  const { measure, said } = measuring(fixture)
  measure()
  fixture.pass(seconds)
  Object.assign(fixture.files, after)
  return { values: measure(), said }
}

describe("the first measurement", () => {
  const fixture = Fixture.make(Fixture.today)
  const { measure, said } = measuring(fixture)
  const values = measure()

  it("has what one moment tells, and no rates", () => {
    expect(values).toEqual({
      "memory-usage": 40,
      "swap-usage": 25,
      "system-load-unified": { load1: 0.52, load5: 1.48, load15: 12.59 },
      "disk-usage-unified": {
        "/": { used: 400 * 4096, total: 1000 * 4096, percent: 45 },
        "/srv/my disk": { used: 51_200, total: 51_200, percent: 100 },
      },
    })
    expect(said).toEqual([])
  })
})

describe("processors", () => {
  const usage = (before: string, after: string) =>
    between({ "/proc/stat": before }, { "/proc/stat": after }).values["cpu-total-usage"]

  it("are in use unless they are idle or wait for a disk: steal is use, and guests are counted once", () => {
    // user 10, nice 10, system 10, irq 5, softirq 5, steal 10 of 100, with 30 of guests in user and nice
    expect(usage("cpu  0 0 0 0 0 0 0 0 0 0\n", "cpu  10 10 10 30 20 5 5 10 10 20\n")).toBe(50)
  })

  it("are read of old kernels, too, which count less", () => {
    expect(usage("cpu 100 0 100 1000\ncpu0 1 1 1 1\n", "cpu 110 0 110 1060\n")).toBe(25)
  })

  it("have no figure when a counter went backwards, but when it is that of waiting", () => {
    expect(usage("cpu  100 0 0 100 50 0 0 0\n", "cpu  90 0 0 200 60 0 0 0\n")).toBeUndefined()
    expect(usage("cpu  100 0 0 100 50 0 0 0\n", "cpu  110 0 0 90 60 0 0 0\n")).toBeUndefined()
    expect(usage("cpu  100 0 0 100 50 0 0 0\n", "cpu  125 0 0 175 49 0 0 0\n")).toBe(25)
    expect(usage("cpu  1 0 0 1 5 0 0 0\n", "cpu  1 0 0 1 5 0 0 0\n")).toBeUndefined()
  })
})

describe("memory", () => {
  const usage = (meminfo: string) => between({ "/proc/meminfo": meminfo }, {}).values

  it("is what could be given back at once on kernels that do not say what is available", () => {
    const old =
      "MemTotal: 1000 kB\nMemFree: 100 kB\nBuffers: 50 kB\nCached: 200 kB\nShmem: 50 kB\nSReclaimable: 100 kB\n"
    expect(usage(old)).toMatchObject({ "memory-usage": 60, "swap-usage": 0 })
  })

  it("of swap is 0 without any", () => {
    const none = "MemTotal: 1000 kB\nMemFree: 100 kB\nMemAvailable: 900 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n"
    expect(usage(none)).toMatchObject({ "memory-usage": 10, "swap-usage": 0 })
  })
})

describe("disks", () => {
  const mounts = (...lines: readonly string[]) => {
    const fixture = Fixture.make({ ...Fixture.today, "/proc/self/mountinfo": lines.join("\n") })
    const space = { bsize: 1, blocks: 10, bfree: 5, bavail: 5 }
    for (const at of ["/data", "/etc/hosts", "/home", "/a", "/a/b"]) fixture.spaces[at] = space
    return Object.keys((measuring(fixture).measure()["disk-usage-unified"] ?? {}) as object)
  }

  it("of a container are its root and its volumes, without single files of the host", () => {
    const found = mounts(
      "1 0 0:40 / / rw - overlay overlay rw,lowerdir=/l",
      "2 1 0:41 / /dev rw - tmpfs tmpfs rw",
      "3 1 8:2 /var/lib/docker/containers/1/hosts /etc/hosts rw - ext4 /dev/sda2 rw",
      "4 1 8:1 /var/lib/docker/volumes/data/_data /data rw - ext4 /dev/sda1 rw",
    )
    expect(found).toEqual(["/", "/data"])
  })

  it("are reported once, however many views of them are mounted", () => {
    const found = mounts(
      "1 0 0:40 /@ / rw - btrfs /dev/sda1 rw",
      "2 1 0:40 /@home /home rw - btrfs /dev/sda1 rw",
      "3 1 8:16 / /a/b rw - ext4 /dev/sdb rw",
      "4 1 8:16 / /a rw - ext4 /dev/sdb rw",
    )
    expect(found).toEqual(["/", "/a"])
  })

  it("that are mounted over are those that are seen", () => {
    const found = mounts(
      "1 0 8:1 / / rw - ext4 /dev/sda1 rw",
      "2 1 8:16 / /data rw - ext4 /dev/sdb rw",
      "3 1 0:7 / /data rw - tmpfs tmpfs rw",
    )
    expect(found).toEqual(["/"])
  })

  it("that may not be looked at are left out alone", () => {
    const fixture = Fixture.make(Fixture.today)
    fixture.spaces["/srv/my disk"] = { code: "EACCES" }
    const { measure, said } = measuring(fixture)
    expect(Object.keys(measure()["disk-usage-unified"] as object)).toEqual(["/"])
    measure()
    expect(said).toEqual(['disk usage is left out: "/srv/my disk" may not be read by this user'])
  })

  it("are as full as df says: rounded up, of what is not reserved", () => {
    const fixture = Fixture.make(Fixture.today)
    fixture.spaces["/"] = { bsize: 4096, blocks: 1000, bfree: 991, bavail: 941 }
    expect(measuring(fixture).measure()["disk-usage-unified"]).toEqual({
      "/": { used: 9 * 4096, total: 4_096_000, percent: 1 },
      "/srv/my disk": { used: 51_200, total: 51_200, percent: 100 },
    })
  })
})

describe("rates of disks and interfaces", () => {
  it("are bytes a second of whole devices, and of interfaces without the loopback", () => {
    const { values } = between(
      {},
      {
        "/proc/diskstats":
          " 254 0 vda 1 0 2020 5 50 0 1200 4 0 9 9\n 254 1 vda1 1 0 2020 5 50 0 1200 4 0 9 9\n 104 0 cciss/c0d0 1 0 8 5 5 0 16 4 0 9 9\n",
        "/proc/net/dev":
          "Inter-|   Receive |  Transmit\n    lo: 9500 5 0 0 0 0 0 0 9500 5 0 0 0 0 0 0\n  eth0:21000 5 0 0 0 0 0 0 2000 5 0 0 0 0 0 0\n",
      },
    )
    expect(values).toMatchObject({
      "disk-io-unified": { vda: { read: 1024, write: 10_240 }, "cciss/c0d0": { read: 0, write: 0 } },
      "network-usage-unified": { eth0: { rx: 2000, tx: 0 } },
    })
    expect(Object.keys(values["disk-io-unified"] as object)).toEqual(["vda", "cciss/c0d0"])
  })

  it("have no figure for what has come, has begun anew, or whose counter has wrapped", () => {
    const dev = (...lines: readonly string[]) => `a|b|c\n${lines.join("\n")}\n`
    const { values } = between(
      {
        "/proc/net/dev": dev("eth0: 4294967000 1 0 0 0 0 0 0 7 1 0 0 0 0 0 0", "eth1:5 1 0 0 0 0 0 0 5 1 0"),
      },
      {
        "/proc/net/dev": dev(
          "eth0: 100 1 0 0 0 0 0 0 9 1 0 0 0 0 0 0",
          "eth1:5 1 0 0 0 0 0 0 15 1 0",
          "wg0: 900 1 0 0 0 0 0 0 9 1 0",
        ),
      },
    )
    expect(values["network-usage-unified"]).toEqual({ eth1: { rx: 0, tx: 1 } })
  })

  it("know partitions by their names where the system does not list devices", () => {
    const names = ["sda", "sda1", "nvme0n1", "nvme0n1p2", "mmcblk0", "mmcblk0p1", "dm-0", "zram0"]
    const stats = names.map((name) => ` 8 0 ${name} 1 0 8 5 5 0 16 4 0 9 9`).join("\n")
    const files = Object.fromEntries(
      Object.entries(Fixture.today).filter(([path]) => !path.startsWith("/sys/")),
    )
    const fixture = Fixture.make({ ...files, "/proc/diskstats": stats })
    const { measure } = measuring(fixture)
    measure()
    fixture.pass(10)
    expect(Object.keys(measure()["disk-io-unified"] as object)).toEqual(["sda", "nvme0n1", "mmcblk0", "dm-0"])
  })
})

describe("processes", () => {
  it("are those that used most of a processor, then those that hold most memory", () => {
    const many = Object.fromEntries(
      Array.from({ length: 40 }, (_, n) => [
        `/proc/${100 + n}/stat`,
        Fixture.process(100 + n, `idle ${n}`, { resident: n }),
      ]),
    )
    const { values } = between(
      { "/proc/7/stat": Fixture.process(7, "busy", { used: 1000 }), ...many },
      { "/proc/7/stat": Fixture.process(7, "busy", { used: 2500, resident: 25_000 }) },
    )
    const rows = values["processes-unified"] as readonly { readonly pid: number }[]
    expect(rows).toHaveLength(20)
    expect(rows.slice(0, 3)).toEqual([
      { pid: 7, name: "busy", cpu: 150, memory: 10 },
      { pid: 139, name: "idle 39", cpu: 0, memory: 0.02 },
      { pid: 138, name: "idle 38", cpu: 0, memory: 0.02 },
    ])
  })

  it.each(["a b", "(sd-pam)", "x) R 1 (y", "a\nb", "tmux: server"])("have names such as %j", (name) => {
    const { values } = between({ "/proc/7/stat": Fixture.process(7, name, { used: 1 }) }, {})
    expect(values["processes-unified"]).toContainEqual({ pid: 7, name, cpu: 0, memory: 0 })
  })

  it("that begin in between have used what they used, also under a number that another had", () => {
    const { values } = between(
      { "/proc/7/stat": Fixture.process(7, "old", { used: 5000 }) },
      {
        "/proc/7/stat": Fixture.process(7, "new", { used: 500, startedAt: 100_500 }),
        "/proc/8/stat": Fixture.process(8, "unseen", { used: 99_999, startedAt: 100 }),
      },
    )
    const rows = values["processes-unified"] as readonly { readonly name: string; readonly cpu: number }[]
    expect(rows.map(({ name, cpu }) => [name, cpu])).toEqual([
      ["new", 50],
      ["init", 0],
    ])
  })

  it("that vanish or say nonsense are left out", () => {
    const { values, said } = between(
      { "/proc/7/stat": { code: "ESRCH" }, "/proc/8/stat": "garbage", "/proc/9/stat": "9 (x) S" },
      {},
    )
    expect(values["processes-unified"]).toEqual([{ pid: 1, name: "init", cpu: 0, memory: 0 }])
    expect(said).toEqual([])
  })

  it("hold pages of the size that the machine has", () => {
    const { values } = between({ "/proc/self/smaps": "KernelPageSize:       64 kB\n" }, {})
    expect(values["processes-unified"]).toEqual([{ pid: 1, name: "init", cpu: 0, memory: 0.06 }])
  })
})

describe("time", () => {
  const rates = ["cpu-total-usage", "disk-io-unified", "network-usage-unified", "processes-unified"]
  const after = (seconds: number, asleep: number) => {
    const fixture = Fixture.make(Fixture.today)
    const { measure } = measuring(fixture)
    measure()
    fixture.pass(seconds, asleep)
    fixture.files["/proc/stat"] = "cpu  2000 20 300 9000 100 10 20 50 400 0\n"
    const measured = Object.keys(measure())
    fixture.pass(10)
    fixture.files["/proc/stat"] = "cpu  3000 20 300 9900 100 10 20 50 400 0\n"
    return { measured, afterwards: Object.keys(measure()) }
  }

  it("of up to three intervals has rates", () => {
    expect(after(30, 0).measured).toEqual(expect.arrayContaining(rates))
  })

  it.each([
    ["in which the agent stood still", 31, 0],
    ["in which the machine slept", 10, 3600],
  ])("%s has none once, and then again", (_, seconds, asleep) => {
    const { measured, afterwards } = after(seconds, asleep)
    for (const rate of rates) expect(measured).not.toContain(rate)
    expect(afterwards).toEqual(expect.arrayContaining(rates))
  })
})

describe("a container", () => {
  const cgroup = (files: Readonly<Record<string, string>>): Fixture.Files =>
    Object.fromEntries(Object.entries(files).map(([name, text]) => [`/sys/fs/cgroup/${name}`, text]))

  it("with limits is measured against them", () => {
    const { values } = between(
      cgroup({
        "memory.max": "104857600\n",
        "memory.current": "62914560\n",
        "memory.stat": "anon 1\ninactive_file 10485760\nactive_file 5\n",
        "memory.swap.max": "1000\n",
        "memory.swap.current": "100\n",
        "cpu.max": "150000 100000\n",
        "cpu.stat": "usage_usec 1000000\nuser_usec 1\n",
      }),
      cgroup({ "cpu.stat": "usage_usec 4000000\nuser_usec 1\n" }),
    )
    expect(values).toMatchObject({ "memory-usage": 50, "swap-usage": 10, "cpu-total-usage": 20 })
    expect(values["processes-unified"]).toEqual([{ pid: 1, name: "init", cpu: 0, memory: 0.04 }])
  })

  it("without limits sees its machine", () => {
    const { values } = between(
      cgroup({
        "memory.max": "max\n",
        "memory.current": "5\n",
        "cpu.max": "max 100000\n",
        "cpu.stat": "usage_usec 1\n",
      }),
      { "/proc/stat": "cpu  1050 20 300 8050 100 10 20 50 400 0\n" },
    )
    expect(values).toMatchObject({ "memory-usage": 40, "swap-usage": 25, "cpu-total-usage": 50 })
  })
})

describe("a file that is", () => {
  const sources = {
    "/proc/stat": ["cpu-total-usage"],
    "/proc/meminfo": ["memory-usage", "swap-usage", "processes-unified"],
    "/proc/loadavg": ["system-load-unified"],
    "/proc/self/mountinfo": ["disk-usage-unified"],
    "/proc/diskstats": ["disk-io-unified"],
    "/proc/net/dev": ["network-usage-unified"],
  }
  const all = Object.keys(between({}, { "/proc/stat": "cpu  1050 20 300 8050 100 10 20 50\n" }).values)

  for (const [state, file] of [
    ["missing", { code: "ENOENT" }],
    ["not to be read", { code: "EACCES" }],
    ["garbage", "\u0000\u0001 - - \n(((\n"],
    ["empty", ""],
  ] as const) {
    it.each(Object.entries(sources))(`${state} leaves out its own metrics: %s`, (path, metrics) => {
      const fixture = Fixture.make({ ...Fixture.today, [path]: file })
      const { measure, said } = measuring(fixture)
      for (const _ of [1, 2, 3]) {
        measure()
        fixture.pass(10)
        if (path !== "/proc/stat")
          fixture.files["/proc/stat"] = `cpu  ${fixture.now()} 20 300 8050 100 10 20 50\n`
      }
      const found = Object.keys(measure())
      expect(all.filter((type) => !found.includes(type)).toSorted()).toEqual(metrics.toSorted())
      expect(said.filter((line) => line.includes(path)).length).toBe(
        path === "/proc/diskstats" && typeof file === "string" ? 0 : 1,
      )
    })
  }
})
