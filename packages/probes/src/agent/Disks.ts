/** File systems on disks of this machine, from /proc/self/mountinfo and statfs(2). */
import { Unreadable } from "./Figure.ts"
import type { Space } from "./Machine.ts"

/** A place where a file system is mounted: proc(5), `/proc/pid/mountinfo`. */
export interface Mount {
  /** Major and minor number of the device. */
  readonly device: string
  /** What of the file system is seen there: `/` unless it is a bind mount or a subvolume. */
  readonly root: string
  readonly at: string
  readonly type: string
  readonly source: string
}

/** Images that are read only and always full. */
const images = new Set(["squashfs", "iso9660", "udf", "erofs", "cramfs", "romfs"])

/** File systems on disks whose source is no path of a device. */
const withoutDevice = new Set(["zfs", "btrfs", "bcachefs", "ubifs", "jffs2"])

/** Returns everything that is mounted. Throws `Unreadable`. */
export const parse = (mountinfo: string): readonly Mount[] => {
  const mounts: Mount[] = []
  for (const line of mountinfo.split("\n")) {
    const [own = "", rest] = line.split(" - ")
    const [, , device, root, at] = own.split(" ")
    const [type, source] = rest?.split(" ") ?? []
    if (device === undefined || root === undefined || at === undefined || type === undefined) continue
    mounts.push({ device, root: plain(root), at: plain(at), type, source: plain(source ?? "") })
  }
  if (mounts.length === 0) throw new Unreadable("names no mount")
  return mounts
}

/**
 * Returns the mounts that are reported: `/` whatever it is, as the overlay of a container; and each disk once, by its
 * widest view and shortest path. Those of other machines are left out, as by `df -l`: the call that asks for the space of
 * one whose server is away never returns.
 */
export const chosen = (mounts: readonly Mount[], isFolder: (path: string) => boolean): readonly Mount[] => {
  const visible = new Map(mounts.map((mount) => [mount.at, mount]))
  const byDevice = new Map<string, Mount>()
  for (const mount of visible.values()) {
    if (mount.at !== "/" && !isOnDisk(mount)) continue
    // A container has single files of its host mounted, such as /etc/hosts, which are no place of its own.
    if (mount.root !== "/" && mount.at !== "/" && !isFolder(mount.at)) continue
    const other = byDevice.get(mount.device)
    if (other === undefined || isBefore(mount, other)) byDevice.set(mount.device, mount)
  }
  return [...byDevice.values()]
}

const isOnDisk = ({ type, source }: Mount): boolean =>
  !images.has(type) && !type.startsWith("fuse.") && (source.startsWith("/dev/") || withoutDevice.has(type))

const isBefore = (one: Mount, other: Mount): boolean => {
  if (one.at === "/" || other.at === "/") return one.at === "/"
  if (one.root.length !== other.root.length) return one.root.length < other.root.length
  return one.at.length < other.at.length
}

/** Space, tab, line feed, backslash and # are written as octal numbers. */
const plain = (path: string): string =>
  path.includes("\\")
    ? path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
    : path

/** Bytes, and the percentage as df(1) rounds it: up, of what is not reserved for root. */
export interface Usage {
  readonly used: number
  readonly total: number
  readonly percent: number
}

/** Returns the use of a file system; `undefined` for one without blocks, which is none. */
export const usage = ({ bsize, blocks, bfree, bavail }: Space): Usage | undefined => {
  if (blocks <= 0) return undefined
  const used = blocks - bfree
  const reachable = used + bavail
  return {
    used: used * bsize,
    total: blocks * bsize,
    percent: reachable > 0 ? Math.min(100, Math.ceil((used * 100) / reachable)) : 0,
  }
}
