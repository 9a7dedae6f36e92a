/** The digest at the end of a backup, by which any change of it is noticed. SQLite does not read beyond its pages. */
import { createHash } from "node:crypto"
import { closeSync, fsyncSync, ftruncateSync, openSync, readSync, statSync, writeSync } from "node:fs"
import * as Privacy from "./Privacy.ts"

const mark = Buffer.from("OVBKSHA2")
const trailerLength = mark.length + 32

/** Opens a file, works on it and closes it. */
export const withFile = <A>(file: string, flags: string, work: (fd: number) => A): A => {
  const fd = openSync(file, flags, Privacy.mode)
  try {
    return work(fd)
  } finally {
    closeSync(fd)
  }
}

/** Waits until a file, or the names in a directory, are on the disk. */
export const flush = (file: string): void => withFile(file, "r", fsyncSync)

/** Returns the digest of the first `length` bytes of a file. */
const digestOf = (fd: number, length: number): Buffer => {
  const hash = createHash("sha256")
  const chunk = Buffer.alloc(1024 * 1024)
  for (let at = 0; at < length;) {
    const size = readSync(fd, chunk, 0, Math.min(chunk.length, length - at), at)
    if (size === 0) break
    hash.update(chunk.subarray(0, size))
    at += size
  }
  return hash.digest()
}

/** Adds the digest of a file to its end. */
export const put = (file: string): void =>
  withFile(file, "r+", (fd) => {
    const { size } = statSync(file)
    const trailer = Buffer.concat([mark, digestOf(fd, size)])
    writeSync(fd, trailer, 0, trailer.length, size)
    fsyncSync(fd)
  })

/** Whether a file ends in the digest of everything before. */
export const isWhole = (file: string): boolean =>
  withFile(file, "r", (fd) => {
    const length = statSync(file).size - trailerLength
    if (length <= 0) return false
    const trailer = Buffer.alloc(trailerLength)
    readSync(fd, trailer, 0, trailerLength, length)
    return Buffer.concat([mark, digestOf(fd, length)]).equals(trailer)
  })

/** Takes the digest from the end of a file. */
export const remove = (file: string): void =>
  withFile(file, "r+", (fd) => ftruncateSync(fd, statSync(file).size - trailerLength))

/** Whether a file begins as a SQLite database does. */
export const isSqlite = (file: string): boolean =>
  withFile(file, "r", (fd) => {
    const head = Buffer.alloc(16)
    readSync(fd, head, 0, head.length, 0)
    return head.toString("latin1").startsWith("SQLite format 3")
  })
