/** Bytes read from and written to whole devices, from /proc/diskstats: Documentation/admin-guide/iostats.rst. */
import { whole } from "./Figure.ts"
import type { Pair } from "./Figure.ts"

/** Bytes of a sector in these counters, whatever the device has. */
const sector = 512

/** Devices in memory, files that are mounted, and floppies. */
const ignored = /^(loop|ram|zram|fd)\d/

/** A partition by its name, where the system does not list whole devices: sda1, xvda1, nvme0n1p1, mmcblk0p1. */
const partition = /^(?:(?:[hsv]|xv)d[a-z]+\d+|(?:nvme\d+n|mmcblk|nbd|md)\d+p\d+)$/

/**
 * Returns bytes read and written since the start, by device. `devices` are the names in /sys/block. Devices that were
 * never used are left out, as by iostat(1).
 */
export const parse = (
  diskstats: string,
  devices: ReadonlySet<string> | undefined,
): ReadonlyMap<string, Pair> => {
  const found = new Map<string, Pair>()
  for (const line of diskstats.split("\n")) {
    const [, , name, , , read, , , , written] = line.trim().split(/ +/, 10)
    const [inwards, outwards] = [whole(read), whole(written)]
    if (name === undefined || inwards === undefined || outwards === undefined) continue
    if (ignored.test(name) || inwards + outwards === 0) continue
    // A slash in a name is written as an exclamation mark there: cciss/c0d0.
    const isWhole = devices === undefined ? !partition.test(name) : devices.has(name.replaceAll("/", "!"))
    if (isWhole) found.set(name, [inwards * sector, outwards * sector])
  }
  return found
}
