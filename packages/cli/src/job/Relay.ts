/** Passes what comes out of a pipe on to one of our own descriptors, and remembers the end of it. */
import { spawn } from "node:child_process"
import { Socket } from "node:net"
import type { Tail } from "./Tail.ts"
import type { Writer } from "./Writer.ts"

/** What is passed on, and to where. */
export interface Route {
  /** The reading end of a pipe, non-blocking. The relay closes it. */
  readonly from: number
  /** Where it goes: one of our own descriptors, which the job would have had without us. */
  readonly to: number
  readonly writer: Writer
  readonly tail: Tail
  /** Called at once when nothing has the writing end any more. */
  readonly ended: () => void
}

/** A relay at work. */
export interface Relay {
  /** To be called when the job has ended. */
  readonly over: () => void
  /**
   * Resolves when everything is passed on that the job wrote. What it left behind in the background goes on writing:
   * to a process that outlives us. Rejects when our descriptor can no longer be written, and the job has then lost its
   * reader.
   */
  readonly done: Promise<void>
}

/**
 * Milliseconds of silence after the end of the job, in which a process of its own may pass on its last lines, as in
 * `exec > >(tee log)`.
 */
const silence = 200

/** Milliseconds after the end of the job, at most, that the lines of such processes are waited for. */
const most = 1000

/** The largest pipe that Linux gives to a user: so much at most can be in it when the job ends. */
const pipeSize = 1_048_576

const chunkSize = 65_536

/** Begins to pass on, at the pace of the reader. */
export const start = ({ from, to, writer, tail, ended }: Route): Relay => {
  const { promise: done, resolve, reject } = Promise.withResolvers<void>()
  const buffer = Buffer.allocUnsafe(chunkSize)
  let isWriting = false
  let endedAt: number | undefined
  // Since the end of the job: how much came, and whether the pipe was empty once, so that nothing of the job is in it.
  let passed = 0
  let wasEmpty = false
  let timer: NodeJS.Timeout | undefined

  const finish = (error?: unknown) => {
    clearTimeout(timer)
    socket.destroy()
    if (error === undefined) resolve()
    else reject(error)
  }
  const isDue = () => endedAt !== undefined && (wasEmpty ? Date.now() - endedAt >= most : passed >= pipeSize)
  const next = () => {
    isWriting = false
    if (socket.destroyed) return
    if (isDue()) return leave()
    if (endedAt !== undefined) wait()
    socket.resume()
  }
  const wait = () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      wasEmpty = true
      if (!isWriting) leave()
    }, silence)
  }
  /** Between two reads, so that no byte is lost: a process takes our place. */
  const leave = () => {
    socket.pause()
    const heir = spawn("cat", { stdio: [from, to, "ignore"], detached: true, cwd: "/" })
    heir.unref()
    heir.once("spawn", () => finish())
    // Without `cat` the only way not to disturb what writes is to stay.
    heir.once("error", () => {
      endedAt = undefined
      next()
    })
  }
  const take = (length: number): boolean => {
    const bytes = buffer.subarray(0, length)
    tail.push(bytes)
    if (endedAt !== undefined) {
      passed += length
      wasEmpty ||= length < chunkSize
    }
    isWriting = true
    clearTimeout(timer)
    writer.write(bytes).then(next, finish)
    return false
  }

  // With `onread` nothing is read ahead of what is passed on, which a process in our place could not know of.
  const socket = new Socket({ fd: from, readable: true, writable: false, onread: { buffer, callback: take } })
  socket.once("end", () => {
    ended()
    finish()
  })
  socket.once("error", () => finish())
  socket.resume()

  const over = () => {
    endedAt = Date.now()
    if (!isWriting && !socket.destroyed) wait()
  }
  return { over, done }
}
