/** Machines on paper: what files of /proc say on kernels of several ages, and in containers. */
import type { Machine, Space } from "@overdue/probes/agent/Machine"

/** Files by their paths; one that is a code throws it. */
export type Files = Readonly<Record<string, string | { readonly code: string }>>

/** A machine that can be changed between two measurements. */
export interface Fixture extends Machine {
  files: Record<string, string | { readonly code: string }>
  spaces: Record<string, Space | { readonly code: string }>
  /** Moves the clock that is never set by so many seconds, and the time since the start of the machine with it. */
  readonly pass: (seconds: number, asleep?: number) => void
}

const failure = (code: string): Error => Object.assign(new Error(code), { code })

/** Returns a machine with these files. Folders are what has files below it. */
export const make = (files: Files): Fixture => {
  let now = 5_000
  let uptime = 1_000
  const fixture: Fixture = {
    files: { "/proc/uptime": `${uptime}.00 1.00\n`, ...files },
    spaces: {
      "/": { bsize: 4096, blocks: 1000, bfree: 600, bavail: 500 },
      "/srv/my disk": { bsize: 512, blocks: 100, bfree: 0, bavail: 0 },
    },
    now: () => now,
    read: (path, most) => {
      const file = fixture.files[path]
      if (file === undefined) throw failure("ENOENT")
      if (typeof file !== "string") throw failure(file.code)
      return file.slice(0, most)
    },
    list: (path) => {
      const names = Object.keys(fixture.files)
        .filter((file) => file.startsWith(`${path}/`))
        .map((file) => file.slice(path.length + 1).split("/")[0]!)
      if (names.length === 0) throw failure("ENOENT")
      return [...new Set(names)]
    },
    isFolder: (path) => !/^\/etc\/|file$/.test(path),
    space: (path) => {
      const space = fixture.spaces[path]
      if (space === undefined) throw failure("ENOENT")
      if ("code" in space) throw failure(space.code)
      return space
    },
    pass: (seconds, asleep = 0) => {
      now += seconds * 1000
      uptime += seconds + asleep
      fixture.files["/proc/uptime"] = `${uptime.toFixed(2)} 1.00\n`
    },
  }
  return fixture
}

/** A line of /proc/PID/stat. */
export const process = (
  pid: number,
  name: string,
  { used = 0, startedAt = 100, resident = 10 }: { used?: number; startedAt?: number; resident?: number } = {},
): string =>
  `${pid} (${name}) S 1 ${pid} ${pid} 0 -1 4194560 1 2 3 4 ${used} 0 7 8 20 0 1 0 ${startedAt} 1000000 ${resident} 18446744073709551615 1 1 0\n`

/** Kernel 6.1 on a machine with a disk and swap. */
export const today: Files = {
  "/proc/stat":
    "cpu  1000 20 300 8000 100 10 20 50 400 0\ncpu0 1000 20 300 8000 100 10 20 50 400 0\nintr 1 2\n",
  "/proc/meminfo":
    "MemTotal:        1000000 kB\nMemFree:          100000 kB\nMemAvailable:     600000 kB\nBuffers:          1 kB\nCached:           2 kB\nSwapTotal:        200000 kB\nSwapFree:         150000 kB\nHugePages_Total:       0\n",
  "/proc/loadavg": "0.52 1.48 12.59 2/345 6789\n",
  "/proc/self/mountinfo": [
    "21 26 0:20 / /proc rw,relatime - proc proc rw",
    "24 23 0:22 / /dev/shm rw shared:1 - tmpfs tmpfs rw,size=24683620k",
    "26 1 254:0 / / rw,relatime - ext4 /dev/vda1 rw",
    "30 26 254:16 / /srv/my\\040disk rw,relatime shared:7 master:2 - xfs /dev/vdb rw",
    "31 26 254:16 /sub /bound rw,relatime - xfs /dev/vdb rw",
    "32 26 7:1 / /snap/core/1 ro - squashfs /dev/loop1 ro",
    "33 26 0:50 / /mnt/nas rw - nfs4 nas:/volume rw",
    "34 26 0:51 / /mnt/far rw - fuse.sshfs me@far:/ rw",
    "",
  ].join("\n"),
  "/proc/diskstats": [
    "   7       0 loop0 5 0 10 0 0 0 0 0 0 0 0",
    " 254       0 vda 100 0 2000 5 50 0 1000 4 0 9 9 0 0 0 0 0 0",
    " 254       1 vda1 100 0 2000 5 50 0 1000 4 0 9 9 0 0 0 0 0 0",
    "   8       0 sdz 0 0 0 0 0 0 0 0 0 0 0",
    " 104       0 cciss/c0d0 1 0 8 5 5 0 16 4 0 9 9",
    "",
  ].join("\n"),
  "/sys/block/vda/size": "1",
  "/sys/block/loop0/size": "1",
  "/sys/block/sdz/size": "1",
  "/sys/block/cciss!c0d0/size": "1",
  "/proc/net/dev": [
    "Inter-|   Receive                                                |  Transmit",
    " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed",
    "    lo: 500 5 0 0 0 0 0 0 500 5 0 0 0 0 0 0",
    "  eth0: 1000 5 0 0 0 0 0 0 2000 5 0 0 0 0 0 0",
    "",
  ].join("\n"),
  "/proc/1/stat": process(1, "init"),
  "/proc/self/smaps": "55d7-55d8 r--p 0 fe:00 1 /usr/bin/node\nKernelPageSize:        4 kB\n",
}
