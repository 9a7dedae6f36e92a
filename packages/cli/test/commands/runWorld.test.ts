import { spawn } from "node:child_process"
import { once } from "node:events"
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import * as Overdue from "../../../../test/kit/Overdue.ts"
import { listen } from "../../../../test/kit/Receiver.ts"
import type { Received } from "../../../../test/kit/Receiver.ts"

const id = "7a3f2c1e-0b5d-4f6a-9c8b-1d2e3f4a5b6c"

const path = ({ url }: Received) => new URL(url, "http://x").pathname

/** A server, and the command that reports to it. */
const world = async (environment: Overdue.Environment = {}) => {
  const server = await listen()
  const overdue = await Overdue.make({ OVERDUE_URL: server.url, OVERDUE_CHECK: id, ...environment })
  const close = async () => {
    await overdue[Symbol.asyncDispose]()
    await server.close()
  }
  return { server, overdue, [Symbol.asyncDispose]: close }
}

describe("a job finds in its environment", () => {
  it("the id of its run and the ping URL, to which it may log", async () => {
    await using it = await world()
    const job =
      'echo "$OVERDUE_RUN_ID $OVERDUE_PING_URL"; exec node -e \'fetch(process.env.OVERDUE_PING_URL + "/log?rid=" + process.env.OVERDUE_RUN_ID, { method: "POST", body: "half" })\''
    const { stdout } = await it.overdue.run(["run", "--", "sh", "-c", job])
    const [rid, url] = stdout.trim().split(" ")
    expect(url).toBe(`${it.server.url}/ping/${id}`)
    const log = it.server.received.find((request) => path(request).endsWith("/log"))
    expect(log).toMatchObject({ url: `/ping/${id}/log?rid=${rid}`, body: "half" })
    const start = it.server.received.find((request) => path(request).endsWith("/start"))
    expect(start!.url).toContain(`rid=${rid}`)
  })

  it("the ping URL of a check by slug, without what says how the check is created", async () => {
    await using it = await world({ OVERDUE_CHECK: "", OVERDUE_PING_KEY: "key" })
    const args = ["run", "--slug", "db", "--create", "--grace", "5m", "--", "printenv", "OVERDUE_PING_URL"]
    expect((await it.overdue.run(args)).stdout).toBe(`${it.server.url}/ping/key/db\n`)
  })

  it("a ping URL to which a kind can be added, whatever is behind the # of the address", async () => {
    await using it = await world()
    const check = `${it.server.url}/ping/${id}#details`
    const args = ["run", "--", "printenv", "OVERDUE_PING_URL"]
    expect((await it.overdue.run(args, { OVERDUE_CHECK: check })).stdout).toBe(
      `${it.server.url}/ping/${id}\n`,
    )
  })

  it("no key that opens more than its check, unless --keys is given", async () => {
    const all = {
      OVERDUE_API_KEY: "a",
      OVERDUE_API_KEY_READONLY: "b",
      OVERDUE_PING_KEY: "c",
      OVERDUE_ADMIN_KEY: "d",
      OVERDUE_METRICS_KEY: "e",
      OVERDUE_SECRET: "f",
    }
    await using it = await world(all)
    const names = async (...words: readonly string[]) => {
      const { stdout } = await it.overdue.run(["run", ...words, "--", "printenv"])
      const found = stdout.split("\n").map((line) => line.split("=")[0]!)
      return found.filter((name) => name in all).toSorted()
    }
    expect(await names()).toEqual([])
    expect(await names("--keys")).toEqual(Object.keys(all).toSorted())
  })

  it("its own run when another run is around it", async () => {
    await using it = await world()
    const inner = [process.execPath, Overdue.main, "run", "--", "printenv", "OVERDUE_RUN_ID"]
    const { stdout } = await it.overdue.run(["run", "--", ...inner])
    const rids = it.server.received.map(({ url }) => new URL(url, "http://x").searchParams.get("rid"))
    expect(new Set(rids).size).toBe(2)
    expect(rids).toContain(stdout.trim())
  })
})

describe("--exit-codes", () => {
  it.each([
    ["1=success", 1, "", "exit status 1, reported as success"],
    ["3=log", 3, "/log", "exit status 3, reported as log"],
    ["100-120=0", 113, "/0", "exit status 113, reported as 0"],
    ["3=log", 4, "/4", undefined],
  ])(
    "%s: a job that exits with %d is reported as %j, and run exits as the job",
    async (list, code, kind, line) => {
      await using it = await world()
      const ended = await it.overdue.run([
        "run",
        "--exit-codes",
        list,
        "--",
        "sh",
        "-c",
        `echo out; exit ${code}`,
      ])
      expect(ended).toMatchObject({ code, stdout: "out\n", stderr: "" })
      expect(path(it.server.received[1]!)).toBe(`/ping/${id}${kind}`)
      expect(it.server.received[1]!.body).toBe(line === undefined ? "out\n" : `out\noverdue: ${line}\n`)
    },
  )

  it("that is no list runs nothing", async () => {
    await using it = await world()
    const { code, stderr } = await it.overdue.run(["run", "--exit-codes", "1=ok", "--", "touch", "ran"])
    expect(code).toBe(2)
    expect(stderr).toContain("--exit-codes is a list such as 1=success,3=log,100-120=0")
    expect(existsSync(join(it.overdue.folder, "ran"))).toBe(false)
  })
})

describe("--network-timeout", () => {
  it("is the limit of one try, for run and ping, and what may have arrived is not called lost", async () => {
    await using server = await listen("hang")
    await using overdue = await Overdue.make({ OVERDUE_URL: server.url, OVERDUE_CHECK: id })
    const { code, stderr } = await overdue.run(["ping", "--network-timeout", "100ms", "start"])
    expect(code).toBe(1)
    expect(stderr).toBe(
      "overdue ping: no answer within 100 ms; it is not known whether this signal (start) arrived\n",
    )
    const run = await overdue.run(["run", "--", "true"], { OVERDUE_NETWORK_TIMEOUT: "0.1" })
    expect(run.code).toBe(0)
    expect(run.stderr).toContain("no answer within 100 ms; this signal is kept")
  })

  it("lets a slow server answer", async () => {
    const answered = Promise.withResolvers<void>()
    await using server = await listen((_, n) => {
      // Tries of the same signal would follow each other: the first is answered when a second could have come.
      if (n === 0) setTimeout(() => answered.resolve(), 5500)
      return { write: (response) => void answered.promise.then(() => response.end("OK")) }
    })
    await using overdue = await Overdue.make({ OVERDUE_URL: server.url, OVERDUE_CHECK: id })
    expect(await overdue.run(["ping", "--network-timeout", "20s"])).toMatchObject({ code: 0, stderr: "" })
    expect(server.received).toHaveLength(1)
  })

  it("of a start that is not answered in time lets the report say when the job ended", async () => {
    await using server = await listen((request) =>
      path(request).endsWith("/start") ? "hang" : { status: 200, body: "OK" },
    )
    await using overdue = await Overdue.make({ OVERDUE_URL: server.url, OVERDUE_CHECK: id })
    await overdue.run(["run", "--network-timeout", "700ms", "--", "printf", "x"])
    const report = server.received.at(-1)!
    expect(path(report)).toBe(`/ping/${id}/0`)
    expect(report.body).toMatch(/^x\noverdue: ended \S+Z after \d+ ms\n$/)
  })

  it.each(["0", "50ms", "11m", "soon"])("%j is refused", async (span) => {
    await using it = await world()
    const { code, stderr } = await it.overdue.run(["ping", "--network-timeout", span])
    expect(code).toBe(2)
    expect(stderr).toContain("--network-timeout is a")
  })
})

describe("a user without a home directory", () => {
  // Only root can become such a user.
  it.skipIf(process.getuid?.() !== 0)("has the job run all the same", async () => {
    await using it = await world({ OVERDUE_URL: "http://127.0.0.1:1" })
    const { environment } = it.overdue
    const options = { uid: 4_000_001, gid: 4_000_001, cwd: "/", stdio: "pipe" } as const
    const env = { PATH: environment.PATH, OVERDUE_URL: environment.OVERDUE_URL, OVERDUE_CHECK: id }
    const words = [Overdue.main, "run", "--", "sh", "-c", "echo ran; exit 3"]
    const child = spawn(process.execPath, words, { ...options, env })
    const printed = { out: "", err: "" }
    child.stdout.setEncoding("utf8").on("data", (text: string) => (printed.out += text))
    child.stderr.setEncoding("utf8").on("data", (text: string) => (printed.err += text))
    expect(await once(child, "close")).toEqual([3, null])
    expect(printed.out).toBe("ran\n")
    expect(printed.err).toMatch(/; this signal \(3\) is lost\n$/)
  })
})

describe("a PATH with a directory that its user may not look into", () => {
  // To root every directory is open, so the job is another user's.
  it.skipIf(process.getuid?.() !== 0)(
    "has a command that is in none of them not found, as in a shell",
    async () => {
      await using it = await world()
      const closed = join(it.overdue.folder, "closed")
      mkdirSync(closed, { mode: 0o700 })
      const { OVERDUE_URL } = it.overdue.environment
      const env = { PATH: `${closed}:/usr/bin:/bin`, HOME: "/nowhere", OVERDUE_URL, OVERDUE_CHECK: id }
      const options = { uid: 4_000_001, gid: 4_000_001, cwd: "/", stdio: "ignore", env } as const
      const child = spawn(process.execPath, [Overdue.main, "run", "--", "nonesuch"], options)
      expect(await once(child, "close")).toEqual([127, null])
    },
  )
})

describe("a home below /proc, where nothing can be made", () => {
  it.skipIf(process.platform !== "linux")("has the job run all the same", async () => {
    await using it = await world({ OVERDUE_URL: "http://127.0.0.1:1", HOME: "/proc", XDG_CACHE_HOME: "" })
    const ended = await it.overdue.run(["run", "--", "sh", "-c", "echo ran; exit 3"])
    expect(ended).toMatchObject({ code: 3, stdout: "ran\n" })
    expect(ended.stderr).toMatch(/this signal \(3\) is lost/)
  })
})

describe("a temporary directory", () => {
  it("that cannot be written leaves the job its output, which is then not reported", async () => {
    await using it = await world({ TMPDIR: "/dev/null/no" })
    const ended = await it.overdue.run(["run", "--", "sh", "-c", "echo out; echo err >&2; exit 3"])
    expect(ended).toMatchObject({ code: 3, stdout: "out\n" })
    expect(ended.stderr).toContain("err\n")
    expect(ended.stderr).toContain("the output of the job is not reported, because no pipe could be made: ")
    expect(path(it.server.received[1]!)).toBe(`/ping/${id}/3`)
    expect(it.server.received[1]!.body).toBe("")
  })

  it("keeps nothing of a run", async () => {
    await using it = await world()
    const folder = join(it.overdue.folder, "tmp")
    mkdirSync(folder)
    const { stdout } = await it.overdue.run(["run", "--", "ls", folder], { TMPDIR: folder })
    expect(stdout).toBe("")
  })

  it("is not needed where there is no mkfifo", async () => {
    await using it = await world()
    const bin = join(it.overdue.folder, "bin")
    mkdirSync(bin)
    writeFileSync(join(bin, "mkfifo"), "#!/bin/sh\nexit 1\n")
    chmodSync(join(bin, "mkfifo"), 0o755)
    const ended = await it.overdue.run(["run", "--", "/bin/echo", "out"], { PATH: bin })
    expect(ended).toMatchObject({ code: 0, stdout: "out\n" })
    expect(ended.stderr).toContain("no pipe could be made: mkfifo: ended by 1")
  })
})

describe("a standard output on a full disk", () => {
  it.skipIf(!existsSync("/dev/full"))("is said, and the job is reported", async () => {
    await using it = await world()
    const line = `"$0" "$@" >/dev/full`
    const words = [Overdue.main, "run", "--", "sh", "-c", "echo out; exit 4"]
    const outer = ["run", "--no-start", "--no-output", "--", "sh", "-c", line, process.execPath, ...words]
    const { code, stderr } = await it.overdue.run(outer)
    expect(code).toBe(4)
    expect(stderr).toContain("the standard output cannot be written: ENOSPC")
    expect(it.server.received.map(path)).toContain(`/ping/${id}/4`)
  })

  it.skipIf(!existsSync("/dev/full")).each([
    ["on a full disk", `"$@" >/dev/full`, 1, "the standard output cannot be written: ENOSPC"],
    ["of stderr on a full disk", `"$@" 2>/dev/full`, 1, "the standard error cannot be written: ENOSPC"],
    ["at its limit", `ulimit -f 4; "$@" >out`, 153, "the standard output cannot be written: EFBIG"],
    [
      "far behind its limit",
      `ulimit -f 4; MUCH=1 "$@" >out`,
      153,
      "the standard output cannot be written: EFBIG",
    ],
    [
      "whose reader has gone",
      `mkfifo p; "$@" >p & exec 3<p; exec 3<&-; : >gone; wait $!`,
      141,
      "the standard output cannot be written: its reader went away",
    ],
  ])("%s is no success of a job that wrote it and exits with 0", async (_, line, code, sentence) => {
    await using it = await world()
    const wait = line.includes("gone") ? "until test -e gone; do :; done; " : ""
    const script = line.includes("MUCH") ? "exec seq 500000" : `${wait}seq 5000; echo err >&2`
    const words = [process.execPath, Overdue.main, "run", "--", "sh", "-c", script]
    const { environment, folder } = it.overdue
    const child = spawn("bash", ["-c", line, "bash", ...words], {
      cwd: folder,
      env: environment,
      stdio: "ignore",
    })
    expect(await once(child, "close")).toEqual([code, null])
    expect(path(it.server.received[1]!)).toBe(`/ping/${id}/${code}`)
    expect(it.server.received[1]!.body).toContain(`\noverdue: ${sentence}`)
  })
})

describe("a reader that never reads", () => {
  it.each([
    ["runs", "exec seq 100000000"],
    ["has ended", "head -c 100000 /dev/zero; echo end >&2; exit 3"],
  ])("does not keep run from its end by SIGTERM while the job %s", async (_, job) => {
    await using it = await world()
    // The shell reads nothing of the pipe before run is gone, and then says how it ended.
    const line = 'mkfifo never; "$@" | { read x <never; }; echo "${PIPESTATUS[0]}"'
    const words = [process.execPath, Overdue.main, "run", "--", "sh", "-c", `echo $PPID >pid; ${job}`]
    const { environment, folder } = it.overdue
    const child = spawn("bash", ["-c", line, "bash", ...words], { cwd: folder, env: environment })
    const pid = join(folder, "pid")
    const inner = await expect
      .poll(() => (existsSync(pid) ? readFileSync(pid, "utf8") : ""), { timeout: 20_000 })
      .toMatch(/\d\n/)
      .then(() => Number(readFileSync(pid, "utf8")))
    await it.server.count(1)
    process.kill(inner, "SIGTERM")
    await expect.poll(() => isAlive(inner), { timeout: 20_000 }).toBe(false)
    writeFileSync(join(folder, "never"), "\n")
    const [printed] = await once(child.stdout.setEncoding("utf8"), "data")
    expect(printed).toBe("143\n")
  })
})

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe("a job that leaves something in the background", () => {
  it("is reported when it ends, with what was written until then, and the rest is written all the same", async () => {
    await using it = await world()
    const job = "mkfifo go; (read x <go; echo late; echo done >done) & echo started"
    const { child, output, printed, ended } = it.overdue.start(["run", "--", "sh", "-c", job])
    await printed(/started/)
    await it.server.count(2)
    expect(it.server.received[1]!.body).toBe("started\n")
    writeFileSync(join(it.overdue.folder, "go"), "x\n")
    await printed(/late/)
    expect((await ended).stdout).toBe("started\nlate\n")
    expect(child.exitCode).toBe(0)
    expect(output.stderr).toBe("")
    expect(readFileSync(join(it.overdue.folder, "done"), "utf8")).toBe("done\n")
  })
})
