import { createHash } from "node:crypto"
import { readdir, stat } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { listen, ok } from "../../../../test/kit/Receiver.ts"
import type { Answer, Received } from "../../../../test/kit/Receiver.ts"
import * as Overdue from "../../../../test/kit/Overdue.ts"

const id = "7a3f2c1e-0b5d-4f6a-9c8b-1d2e3f4a5b6c"

const path = ({ url }: Received) => new URL(url, "http://x").pathname
const rid = ({ url }: Received) => new URL(url, "http://x").searchParams.get("rid")

/** Runs a job of Node's, its program given as text, against a server that answers as told. */
const job = async (program: string, options: readonly string[] = [], answers: readonly Answer[] = [ok]) => {
  await using server = await listen(answers)
  await using overdue = await Overdue.make({ OVERDUE_URL: server.url })
  const ended = await overdue.run(["run", "--check", id, ...options, "--", process.execPath, "-e", program])
  return { ...ended, received: server.received }
}

describe("a job that succeeds", () => {
  it("is a start and an exit status of one run, and its output passes through and along", async () => {
    const { code, stdout, stderr, received } = await job(
      "process.stdout.write('out\\n', () => process.stderr.write('err\\n'))",
    )
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "out\n", stderr: "err\n" })
    expect(received.map(path)).toEqual([`/ping/${id}/start`, `/ping/${id}/0`])
    expect(rid(received[0]!)).toBe(rid(received[1]!))
    expect(rid(received[0]!)).toMatch(/^[0-9a-f-]{36}$/)
    expect(received[1]!.body.split("\n").toSorted()).toEqual(["", "err", "out"])
  })

  it("sends no start when told so", async () => {
    expect((await job("", ["--no-start"])).received.map(path)).toEqual([`/ping/${id}/0`])
  })

  it("keeps its own output when told so, and nothing is sent along", async () => {
    const { stdout, received } = await job("console.log('mine')", ["--no-output"])
    expect(stdout).toBe("mine\n")
    expect(received[1]!.body.length).toBe(0)
  })

  it("reads our standard input", async () => {
    await using server = await listen()
    await using overdue = await Overdue.make({ OVERDUE_URL: server.url, OVERDUE_CHECK: id })
    const { child, ended } = overdue.start(["run", "--", "cat"])
    child.stdin.end("through and through")
    expect((await ended).stdout).toBe("through and through")
  })

  it("may begin its check by slug", async () => {
    await using server = await listen()
    await using overdue = await Overdue.make({ OVERDUE_URL: server.url, OVERDUE_PING_KEY: "key" })
    const options = [
      "--slug",
      "db",
      "--create",
      "--schedule",
      "5 4 * * *",
      "--tz",
      "Europe/Riga",
      "--grace",
      "15m",
    ]
    expect((await overdue.run(["run", ...options, "--", "true"])).code).toBe(0)
    expect(server.received[1]!.url).toBe(
      `/ping/key/db/0?create=1&defaults=own&grace=900&schedule=5+4+*+*+*&tz=Europe%2FRiga&rid=${rid(server.received[1]!)}`,
    )
  })
})

describe("a job that fails", () => {
  it("gives its exit status to us and to the check", async () => {
    const { code, received } = await job("process.exit(3)")
    expect(code).toBe(3)
    expect(path(received[1]!)).toBe(`/ping/${id}/3`)
  })

  it("by a signal is 128 + its number, and the last line says which", async () => {
    const { code, signal, received } = await job(
      "console.log('so far'); process.kill(process.pid, 'SIGKILL')",
    )
    expect({ code, signal }).toEqual({ code: 137, signal: null })
    expect(path(received[1]!)).toBe(`/ping/${id}/137`)
    expect(received[1]!.body).toMatch(/overdue: killed by SIGKILL\n$/)
  })

  it.each([
    ["nonesuch", 127, "nonesuch: command not found"],
    ["/", 126, "/ cannot be run: "],
    ["", 127, "'': command not found"],
  ])("because %j cannot begin is %d, as in a shell", async (word, expected, sentence) => {
    await using server = await listen()
    await using overdue = await Overdue.make({ OVERDUE_URL: server.url, OVERDUE_CHECK: id })
    const { code, stderr } = await overdue.run(["run", "--", word])
    expect(code).toBe(expected)
    expect(stderr).toContain(`overdue run: ${sentence}`)
    expect(server.received[1]!.body).toContain(`overdue: ${sentence}`)
  })
})

describe("signals", () => {
  it.concurrent.each([
    ...(["SIGTERM", "SIGINT", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGALRM", "SIGVTALRM", "SIGIO"] as const),
    ...(["SIGCONT", "SIGWINCH", "SIGTSTP"] as const),
  ])("%s reaches the job, which may end in its own way", async (signal) => {
    await using server = await listen()
    await using overdue = await Overdue.make({ OVERDUE_URL: server.url, OVERDUE_CHECK: id })
    const program = `process.on("${signal}", () => { console.log("got it"); process.exit(7) }); setInterval(() => {}, 1e6); console.log("ready")`
    const { child, printed, ended } = overdue.start(["run", "--", process.execPath, "-e", program])
    await printed(/ready/)
    child.kill(signal)
    expect(await ended).toMatchObject({ code: 7, stdout: "ready\ngot it\n" })
    expect(path(server.received[1]!)).toBe(`/ping/${id}/7`)
  })

  it("that end the job end in 128 + n", async () => {
    await using server = await listen()
    await using overdue = await Overdue.make({ OVERDUE_URL: server.url, OVERDUE_CHECK: id })
    const { child, printed, ended } = overdue.start(["run", "--", "sh", "-c", "echo ready; exec sleep 1000"])
    await printed(/ready/)
    child.kill("SIGTERM")
    expect((await ended).code).toBe(143)
    expect(path(server.received[1]!)).toBe(`/ping/${id}/143`)
  })

  it.concurrent.each(["SIGUSR1", "SIGUSR2", "SIGALRM"] as const)(
    "that come after the end of the job, such as %s, change nothing",
    async (signal) => {
      const [asked, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      await using server = await listen(async (request) => {
        if (path(request).endsWith("/start")) return ok
        asked.resolve()
        await answer.promise
        return ok
      })
      await using overdue = await Overdue.make({ OVERDUE_URL: server.url, OVERDUE_CHECK: id })
      const { child, ended } = overdue.start(["run", "--", "sh", "-c", "exit 5"])
      await asked.promise
      child.kill(signal)
      answer.resolve()
      expect(await ended).toMatchObject({ code: 5, signal: null, stderr: "" })
    },
  )

  it.concurrent.each(["SIGTERM", "SIGQUIT"] as const)(
    "after the job, as %s, end the reporting, and the report is kept",
    async (signal) => {
      const asked = Promise.withResolvers<void>()
      await using server = await listen((request) => {
        if (path(request).endsWith("/start")) return ok
        asked.resolve()
        return "hang"
      })
      await using overdue = await Overdue.make({ OVERDUE_URL: server.url, OVERDUE_CHECK: id })
      const { child, ended } = overdue.start(["run", "--", "sh", "-c", "exit 5"])
      await asked.promise
      child.kill(signal)
      expect((await ended).code).toBe(5)
      expect((await overdue.run(["spool"])).stdout).toMatch(
        /\n\S+Z {2}\S+ +5 +7a3f2c1e… +127\.0\.0\.1:\d+\n$/,
      )
    },
  )
})

describe("output of any size", () => {
  it("of 50 MB passes through unchanged, and its last 10,000 bytes go along", async () => {
    await using server = await listen()
    await using overdue = await Overdue.make({ OVERDUE_URL: server.url, OVERDUE_CHECK: id })
    const program = `for (let n = 0; n < 800; n++) require("fs").writeSync(1, String(n).padStart(8, "0").repeat(8192))`
    const { child, ended } = overdue.start(["run", "--", process.execPath, "-e", program])
    const hash = createHash("sha256")
    let length = 0
    child.stdout.removeAllListeners("data").on("data", (text: string) => {
      length += text.length
      hash.update(text)
    })
    expect((await ended).code).toBe(0)
    const whole = createHash("sha256")
    for (let n = 0; n < 800; n++) whole.update(String(n).padStart(8, "0").repeat(8192))
    expect(length).toBe(52_428_800)
    expect(hash.digest("hex")).toBe(whole.digest("hex"))
    expect(server.received[1]!.body).toBe("00000799".repeat(1250))
  })

  it.each([
    [[], 7, "efghij\n"],
    [["--body-limit", "4"], 100, "hij\n"],
  ])("with %j and a server that keeps %d bytes ends in %j", async (options, limit, body) => {
    const answer = { status: 200, headers: { "Ping-Body-Limit": String(limit) } }
    const { received } = await job("console.log('abcdefghij')", options, [answer])
    expect(received[1]!.body).toBe(body)
  })

  it("does not end the job when its reader is gone, as the job would not end the reader", async () => {
    await using server = await listen()
    await using overdue = await Overdue.make({ OVERDUE_URL: server.url, OVERDUE_CHECK: id })
    const { child, printed, ended } = overdue.start(["run", "--", "sh", "-c", "echo ready; yes; exit 9"])
    await printed(/ready/)
    child.stdout.destroy()
    expect((await ended).code).toBe(9)
  })

  it("is not waited for when only a process left behind could write it", async () => {
    const { code, stdout } = await job(
      `require("child_process").spawn("sleep", ["3"], { stdio: "inherit", detached: true }).unref(); console.log("done")`,
    )
    expect({ code, stdout }).toEqual({ code: 0, stdout: "done\n" })
  })
})

describe("a monitor that is away", () => {
  it("changes nothing for the job; what it missed arrives once, before the next run, with its time", async () => {
    await using overdue = await Overdue.make({ OVERDUE_CHECK: id })
    const away = await listen()
    const url = away.url
    await away.close()
    const first = await overdue.run(["run", "--", "sh", "-c", "echo lost; exit 4"], { OVERDUE_URL: url })
    expect(first).toMatchObject({ code: 4, stdout: "lost\n" })
    expect(first.stderr).toContain("this signal is kept on this machine and sent with the next one")
    const folder = join(overdue.folder, ".local/state/overdue/spool")
    const [name] = await readdir(folder)
    expect((await stat(folder)).mode & 0o777).toBe(0o700)
    expect((await stat(join(folder, name!))).mode & 0o777).toBe(0o600)

    await using back = await listen([ok], Number(new URL(url).port))
    const second = await overdue.run(["run", "--", "true"], { OVERDUE_URL: url })
    expect(second).toMatchObject({ code: 0, stderr: "overdue run: sent 1 signal kept from earlier\n" })
    const third = await overdue.run(["run", "--", "true"], { OVERDUE_URL: url })
    expect(third).toMatchObject({ code: 0, stderr: "" })
    expect(back.received.map(path)).toEqual([
      `/ping/${id}/4`,
      `/ping/${id}/start`,
      `/ping/${id}/0`,
      `/ping/${id}/start`,
      `/ping/${id}/0`,
    ])
    expect(back.received[0]!.body).toMatch(/^sent late: this happened \S+Z, begun \S+Z\n\nlost\n$/)
    expect(rid(back.received[0]!)).not.toBe(rid(back.received[1]!))
  })

  it("is not told later when told so", async () => {
    await using overdue = await Overdue.make({ OVERDUE_URL: "http://127.0.0.1:1", OVERDUE_CHECK: id })
    const { code, stderr } = await overdue.run(["run", "--no-spool", "--", "true"])
    expect(code).toBe(0)
    expect(stderr).toContain("this signal (0) is lost")
    expect((await overdue.run(["spool"])).stdout).toBe("no signals are kept\n")
  })

  it("is not mentioned when told so", async () => {
    await using overdue = await Overdue.make({ OVERDUE_URL: "http://127.0.0.1:1", OVERDUE_CHECK: id })
    expect(await overdue.run(["run", "--quiet", "--", "true"])).toMatchObject({ code: 0, stderr: "" })
  })

  it("by refusing changes nothing for the job either, and nothing is kept", async () => {
    const { code, stderr } = await job("process.exit(6)", [], [{ status: 404, body: "not found" }])
    expect(code).toBe(6)
    expect(stderr).toContain("the server answered 404: not found; this signal (6) is lost")
  })

  it("by having no place to keep its signals changes nothing either", async () => {
    await using overdue = await Overdue.make({ OVERDUE_URL: "http://127.0.0.1:1", OVERDUE_CHECK: id })
    const { code, stderr } = await overdue.run(["run", "--", "true"], { OVERDUE_SPOOL: "/dev/null/x" })
    expect(code).toBe(0)
    expect(stderr).toContain("this signal cannot be kept in /dev/null/x: ENOTDIR")
  })
})

describe("options that make no sense run nothing and exit with 2", () => {
  it.each([
    [["--", "true"], "name the check with --check ID or --slug SLUG"],
    [["--check", id], "the command to run is missing; write it after --: overdue run --check ID -- COMMAND"],
    [
      ["--check", id, "true"],
      "the command to run is missing; write it after --: overdue run --check ID -- COMMAND",
    ],
    [["--chek", id, "--", "true"], "there is no flag --chek; did you mean --check?"],
    [
      ["--check", "7", "--", "true"],
      "--check is an id such as 7a3f2c1e-0b5d-4f6a-9c8b-1d2e3f4a5b6c, or a ping URL; for a slug, use --slug",
    ],
    [
      ["--slug", "a", "--", "true"],
      "--slug needs the project's ping key: --ping-key KEY or OVERDUE_PING_KEY",
    ],
    [
      ["--slug", "A", "--ping-key", "k", "--", "true"],
      'a slug has lower-case letters, digits, - and _ only, not "A"',
    ],
    [["--check", id, "--create", "--", "true"], "--create needs the slug of the check: add --slug SLUG"],
    [
      ["--check", id, "--grace", "5m", "--", "true"],
      "--grace describes a check to create: add --create, or leave it out",
    ],
    [
      ["--check", id, "--body-limit", "x", "--", "true"],
      '--body-limit is a whole number from 0 to 10000000, not "x"',
    ],
    [
      ["--check", id, "--url", "here", "--", "true"],
      "--url (or OVERDUE_URL) is an address that begins with http:// or https://, such as https://overdue.example.org",
    ],
  ])("%j", async (args, sentence) => {
    await using overdue = await Overdue.make()
    const { code, stdout, stderr } = await overdue.run(["run", ...args])
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: "",
      stderr: `overdue run: ${sentence}\nRun \`overdue help run\` for help.\n`,
    })
  })
})
