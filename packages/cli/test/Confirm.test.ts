import { PassThrough } from "node:stream"
import { describe, expect, it } from "vitest"
import { confirm } from "@overdue/cli/Confirm"

/** A terminal on which something is typed, and what is asked there. */
const terminal = (typed: string | undefined) => {
  const stdin = Object.assign(new PassThrough(), { isTTY: true })
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  // Nothing is typed at Ctrl-D, which ends the input.
  stdin.end(typed)
  const said = (stream: PassThrough): string => String(stream.read() ?? "")
  return { io: { environment: {}, stdin, stdout, stderr }, said: () => [said(stdout), said(stderr)] }
}

describe("a question", () => {
  it.each(["y\n", "YES\n", " yes \n"])("is answered with yes by %j", async (typed) => {
    const { io, said } = terminal(typed)
    expect(await confirm(io, false, "Delete it?")).toBe(true)
    expect(said()).toEqual(["", "Delete it? [y/N] "])
  })

  it.each(["n\n", "\n", "yellow\n", undefined])("is answered with no by %j, and says so", async (typed) => {
    const { io, said } = terminal(typed)
    expect(await confirm(io, false, "Delete it?")).toBe(false)
    expect(said()).toEqual(["", "Delete it? [y/N] nothing was changed\n"])
  })
})
