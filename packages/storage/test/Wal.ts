/** Reads SQLite's write-ahead log: https://www.sqlite.org/fileformat2.html#walformat */
import { readFileSync } from "node:fs"

const headerSize = 32
const frameHeaderSize = 24

/** How many transactions a log holds: of each, the last frame carries the size of the database after it. */
export const commits = (filename: string): number => {
  const log = readFileSync(`${filename}-wal`)
  const pageSize = log.readUInt32BE(8)
  const salt = log.subarray(16, 24)
  let count = 0
  for (let at = headerSize; at + frameHeaderSize + pageSize <= log.length; at += frameHeaderSize + pageSize) {
    // What follows is left over from before the log began anew.
    if (!log.subarray(at + 8, at + 16).equals(salt)) break
    if (log.readUInt32BE(at + 4) !== 0) count += 1
  }
  return count
}
