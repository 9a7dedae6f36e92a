/**
 * Whether the log of a database holds what its index says: SQLite reads from the log by the index, and writes on behind what
 * somebody has cut off (https://www.sqlite.org/walformat.html).
 */
import { closeSync, fstatSync, openSync, readSync } from "node:fs"

/** Where the header of the index has what, in the byte order of the machine; it is there twice. */
const at = { pageSize: 14, frames: 16, salt: 32 }
const headerLength = 48
const copies = 2

/** How many pages of the log are in the file, and how many somebody has begun to take there; behind the headers. */
const ofFile = { taken: 96, begun: 128, end: 132 }

/** The header of the log, and of each page in it. */
const logHeader = { length: 32, salt: 16, saltLength: 8 }
const frameHeader = 24

/** Looks at the log of a database. */
export interface WalIndex {
  /** Whether the log is shorter than its index says, or another one. */
  readonly isContradicted: () => boolean
  /** Whether somebody has begun to take pages into the file, and has not ended: it may not be as long as it says yet. */
  readonly isUnfinished: () => boolean
  readonly close: () => void
}

/**
 * Returns what looks at a log and its index, which are there; `undefined` when they cannot be opened. The files stay open:
 * to close the index any earlier would take away the locks that SQLite has on it.
 */
export const open = (log: string, index: string): WalIndex | undefined => {
  const files: number[] = []
  try {
    for (const name of [log, index]) files.push(openSync(name, "r"))
  } catch {
    for (const file of files) closeSync(file)
    return undefined
  }
  const [ofLog, ofIndex] = files as [number, number] // safe because both were opened
  return {
    isContradicted: () => orElse(() => isContradicted(ofLog, ofIndex), false),
    isUnfinished: () => orElse(() => isUnfinished(ofIndex), true),
    close: () => {
      for (const file of files) closeSync(file)
    },
  }
}

/** What cannot be looked at may be whole. */
const orElse = (look: () => boolean, otherwise: boolean): boolean => {
  try {
    return look()
  } catch {
    return otherwise
  }
}

const header = Buffer.alloc(copies * headerLength)
const beginning = Buffer.alloc(logHeader.length)

const isContradicted = (log: number, index: number): boolean => {
  if (readSync(index, header, 0, header.length, 0) < header.length) return false
  // Somebody is writing it just now.
  if (header.compare(header, headerLength, copies * headerLength, 0, headerLength) !== 0) return false
  const numbers = new DataView(header.buffer, header.byteOffset, headerLength)
  const frames = numbers.getUint32(at.frames, isLittleEndian)
  if (frames === 0) return false
  const size = numbers.getUint16(at.pageSize, isLittleEndian)
  // 65,536 does not fit, and is 1.
  const pageSize = (size & 0xfe00) + ((size & 1) << 16)
  if (fstatSync(log).size < logHeader.length + frames * (frameHeader + pageSize)) return true
  readSync(log, beginning, 0, logHeader.length, 0)
  const { salt, saltLength } = logHeader
  return beginning.compare(header, at.salt, at.salt + saltLength, salt, salt + saltLength) !== 0
}

const progress = new Uint32Array(ofFile.end / Uint32Array.BYTES_PER_ELEMENT)

const isUnfinished = (index: number): boolean => {
  if (readSync(index, progress, 0, ofFile.end, 0) < ofFile.end) return true
  const [taken, begun] = [ofFile.taken, ofFile.begun].map((at) => progress[at / progress.BYTES_PER_ELEMENT]!)
  return taken! < begun!
}

const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1
