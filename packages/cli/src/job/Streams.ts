/** The output of a job on Windows, where the pipes of Node are pipes of the system. */
import type { ChildProcess } from "node:child_process"
import type { Readable } from "node:stream"
import type { Tail } from "./Tail.ts"
import type { Writer } from "./Writer.ts"

/** Milliseconds of silence after the end of the job, after which what it left in the background is not waited for. */
const silence = 1000

/** Returns the output of a job that passes it on. */
export const output = <Loss>(
  tail: Tail,
  writers: { readonly 1: Writer; readonly 2: Writer },
  lost: (name: string) => (error: unknown) => Loss,
) => ({
  stdio: ["pipe", "pipe"] as const,
  given: () => {},
  passOn: (child: ChildProcess) => {
    const ended = Promise.withResolvers<void>()
    const done = [
      pass(child.stdout, writers[1], tail, ended.promise).then(() => undefined, lost("output")),
      pass(child.stderr, writers[2], tail, ended.promise).then(() => undefined, lost("error")),
    ]
    return async () => {
      ended.resolve()
      return (await Promise.all(done)).find((loss) => loss !== undefined)
    }
  },
})

const pass = (from: Readable | null, to: Writer, tail: Tail, ended: Promise<void>): Promise<void> =>
  new Promise((resolve, reject) => {
    if (from === null) return resolve()
    let timer: NodeJS.Timeout | undefined
    const done = () => {
      clearTimeout(timer)
      from.destroy()
      resolve()
    }
    let isOver = false
    const wait = () => {
      clearTimeout(timer)
      timer = setTimeout(done, silence)
    }
    from.on("data", (chunk: Uint8Array) => {
      tail.push(chunk)
      clearTimeout(timer)
      from.pause()
      to.write(chunk).then(
        () => {
          from.resume()
          if (isOver) wait()
        },
        (error) => {
          reject(error)
          done()
        },
      )
    })
    from.once("end", done)
    from.once("error", done)
    void ended.then(() => {
      isOver = true
      wait()
    })
  })
