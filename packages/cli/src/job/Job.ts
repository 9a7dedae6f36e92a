/** A job as a child process: its output is passed on while the end of it is remembered, and it gets our signals. */
import { spawn } from "node:child_process"
import type { ChildProcess, StdioOptions } from "node:child_process"
import { once } from "node:events"
import { closeSync, existsSync, fstatSync } from "node:fs"
import { constants } from "node:os"
import { delimiter, join } from "node:path"
import { setImmediate } from "node:timers/promises"
import * as Caught from "../Caught.ts"
import type { Environment } from "../Io.ts"
import * as Death from "./Death.ts"
import * as Descriptors from "./Descriptors.ts"
import * as Pipe from "./Pipe.ts"
import * as Relay from "./Relay.ts"
import * as Signals from "./Signals.ts"
import * as Streams from "./Streams.ts"
import type { Tail } from "./Tail.ts"
import type { Writer } from "./Writer.ts"

/** How a job ended. */
export interface End {
  /**
   * The exit code that a shell would report: the exit status, 128 + the number of a signal, 127 when not found, 126 when
   * not executable.
   */
  readonly code: number
  /** The signal that ended it, by its name or as `signal 34`; `undefined` when it exited, or could not be started. */
  readonly signal: string | undefined
  /** Why it could not be started, in the words of a shell; `undefined` when it was. */
  readonly problem: string | undefined
  /** The signal that asked it to end by way of us, the last one; `undefined` when none did. */
  readonly asked: NodeJS.Signals | undefined
  /** When it ended, epoch milliseconds. */
  readonly at: number
  /**
   * Resolves when everything is passed on that the job has written, or cannot be: then to what was lost. Never rejects.
   */
  readonly passedOn: Promise<Loss | undefined>
}

/** Output of a job that could not be passed on. */
export interface Loss {
  /** The exit code that a shell would most likely have seen: the job would have met the error itself. */
  readonly code: number
  /** What was lost and why, for the report. */
  readonly sentence: string
}

/** What a job is run with. */
export interface Surroundings {
  readonly environment: Environment
  /** Our own standard output and error, by their numbers. */
  readonly writers: { readonly 1: Writer; readonly 2: Writer }
  /** Remembers the output; `undefined` gives the job our own output, so that it may see a terminal. */
  readonly tail: Tail | undefined
  /** Prints one line for the person who reads stderr. */
  readonly say: (line: string) => void
}

/** Runs a command until its process has ended. Never rejects. */
export const run = async (words: readonly string[], surroundings: Surroundings): Promise<End> => {
  const { environment, tail } = surroundings
  // Looked at before we open any of our own.
  const others = Descriptors.inherited()
  const output = tail === undefined ? inherits : outputOf(tail, surroundings)
  let child: ChildProcess
  try {
    child = spawn(words[0]!, words.slice(1), { stdio: stdio(output.stdio, others), env: environment })
  } catch (error) {
    return unable(words[0]!, error, environment)
  } finally {
    output.given()
  }
  const { stop, asked } = Signals.forward(child)
  try {
    const problem = await new Promise<Error | undefined>((resolve) => {
      child.once("spawn", () => resolve(undefined))
      child.once("error", resolve)
    })
    if (problem !== undefined) return unable(words[0]!, problem, environment)
    let silent: number | undefined
    const passedOn = output.passOn(child, () => (silent ??= Death.signalOf(child.pid)))
    // safe because these are the arguments of the event
    const [status, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null]
    const at = Date.now()
    // A signal that came before the end may be told only after it, and was for the job all the same.
    await setImmediate()
    const end = { at, passedOn: passedOn(), problem: undefined, asked: asked() }
    if (signal === null && status === 0 && silent) {
      return { ...end, code: 128 + silent, signal: `signal ${silent}` }
    }
    if (signal === null) return { ...end, code: status ?? 1, signal: undefined }
    return { ...end, code: 128 + constants.signals[signal], signal }
  } finally {
    stop()
  }
}

const unable = (word: string, error: unknown, environment: Environment): End => {
  const end = { at: Date.now(), passedOn: Promise.resolve(undefined), signal: undefined, asked: undefined }
  const code = Caught.code(error)
  if (word === "" || code === "ENOENT" || (code === "EACCES" && isNowhere(word, environment))) {
    return { ...end, code: 127, problem: `${word || "''"}: command not found` }
  }
  return { ...end, code: 126, problem: `${word} cannot be run: ${Caught.message(error)}` }
}

/**
 * Whether no directory of PATH has a command. The system also says that access is denied when it may not look into one
 * of them; to a shell the command is not found then.
 */
const isNowhere = (word: string, { PATH = "" }: Environment): boolean =>
  !word.includes("/") && PATH.split(delimiter).every((folder) => !existsSync(join(folder || ".", word)))

/** Where the output of a job goes. */
interface Output {
  readonly stdio: readonly ["pipe" | "inherit" | number, "pipe" | "inherit" | number]
  /** To be called once the job has its ends, or has not begun. */
  readonly given: () => void
  /** Begins to pass on; returns what is to be called at the end of the job, and resolves when all is passed on. */
  readonly passOn: (child: ChildProcess, ended: () => void) => () => Promise<Loss | undefined>
}

const inherits: Output = {
  stdio: ["inherit", "inherit"],
  given: () => {},
  passOn: () => () => Promise.resolve(undefined),
}

const outputOf = (tail: Tail, { writers, say }: Surroundings): Output => {
  if (process.platform === "win32") return Streams.output(tail, writers, lost(say))
  // Where both lead to one place, one pipe keeps the order in which the job writes.
  const isOne = isSame()
  let pipes: readonly Pipe.Pipe[]
  try {
    pipes = Pipe.make(isOne ? 1 : 2)
  } catch (error) {
    say(`the output of the job is not reported, because no pipe could be made: ${Caught.message(error)}`)
    return inherits
  }
  const [out, err = out] = [pipes[0]!, pipes[1]]
  return {
    stdio: [out.write, err.write],
    given: () => pipes.forEach(({ write }) => closeSync(write)),
    passOn: (_, ended) => {
      const relays = pipes.map(({ read }, index) => {
        const to = index === 0 ? 1 : 2
        return Relay.start({ from: read, to, writer: writers[to], tail, ended })
      })
      const done = relays.map((relay, index) =>
        relay.done.then(() => undefined, lost(say)(index === 0 ? "output" : "error")),
      )
      return async () => {
        for (const { over } of relays) over()
        return (await Promise.all(done)).find((loss) => loss !== undefined)
      }
    },
  }
}

/**
 * Without us the job would have met the error: a reader that went away ends it by SIGPIPE, of which a shell says nothing,
 * a limit of the size of files by SIGXFSZ, and on a full disk a program says so and exits with 1.
 */
const lost =
  (say: (line: string) => void) =>
  (name: string) =>
  (error: unknown): Loss => {
    const isUnread = Caught.code(error) === "EPIPE"
    const reason = isUnread ? "its reader went away" : Caught.message(error)
    const sentence = `the standard ${name} cannot be written: ${reason}`
    if (!isUnread) say(sentence)
    return { code: codes[Caught.code(error) ?? ""] ?? 1, sentence }
  }

const codes: Readonly<Record<string, number>> = {
  EPIPE: 128 + (constants.signals.SIGPIPE ?? 13),
  EFBIG: 128 + (constants.signals.SIGXFSZ ?? 25),
}

const isSame = (): boolean => {
  const [out, err] = [fstatSync(1), fstatSync(2)]
  return out.dev === err.dev && out.ino === err.ino && out.rdev === err.rdev
}

/** Standard input is ours, and so is what a shell has opened for the job besides. */
const stdio = (output: Output["stdio"], others: readonly number[]): StdioOptions => {
  const all: ("ignore" | "inherit" | "pipe" | number)[] = ["inherit", ...output]
  for (const number of others) all[number] = "inherit"
  return Array.from(all, (entry) => entry ?? "ignore")
}
