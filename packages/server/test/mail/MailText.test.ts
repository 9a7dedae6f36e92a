import { existsSync, readFileSync } from "node:fs"
import { spawn } from "node:child_process"
import * as Limits from "@overdue/server/mail/Limits"
import * as MailReader from "@overdue/server/mail/MailReader"
import * as MailText from "@overdue/server/mail/MailText"
import { describe, expect, it } from "vitest"

/** A message of these lines, in UTF-8 or byte by byte. */
const message = (lines: readonly string[], encoding: "utf8" | "latin1" = "utf8"): Uint8Array =>
  Buffer.from(lines.join("\r\n"), encoding)

const read = (lines: readonly string[], encoding?: "latin1") => MailText.read(message(lines, encoding))

describe("the subject of a message", () => {
  it.each([
    ["plain", "Subject: Backup SUCCESS", "Backup SUCCESS"],
    ["quoted-printable", "Subject: =?utf-8?q?=C3=84pfel_SUCCESS?=", "Äpfel SUCCESS"],
    ["base64", "Subject: =?utf-8?B?4pyFIGRvbmU=?=", "✅ done"],
    ["another charset", "Subject: =?iso-8859-1?q?caf=E9?=", "café"],
    ["a word in two encoded pieces", "Subject: =?utf-8?q?SUC?=\r\n =?utf-8?q?CESS?=", "SUCCESS"],
    ["folded", "Subject: Backup\r\n SUCCESS", "Backup SUCCESS"],
    ["raw UTF-8", "Subject: Äpfel", "Äpfel"],
    ["an unknown charset", "Subject: =?klingon?q?Qapla?=", "Qapla"],
    ["a broken encoding", "Subject: =?utf-8?q?half", "=?utf-8?q?half"],
    ["of the first of two", "Subject: first\r\nSubject: second", "first"],
    ["missing", "X-Nothing: here", ""],
    ["empty", "Subject:", ""],
  ])("is decoded when it is %s", async (_case, header, subject) => {
    expect((await read([header, "", "text"])).subject).toBe(subject)
  })
})

describe("the text of a message", () => {
  it("is that of its only part, decoded", async () => {
    const mail = await read([
      "Content-Type: text/plain; charset=iso-8859-15",
      "Content-Transfer-Encoding: quoted-printable",
      "",
      "100 =A4, job FAI=",
      "LED",
    ])
    expect(mail.text.trim()).toBe("100 €, job FAILED")
  })

  it.each([
    ["utf-16le", Buffer.from("FAILED", "utf16le").toString("base64")],
    ["windows-1251", Buffer.from([0xce, 0xc9]).toString("base64"), "ОЙ"],
    ["shift_jis", Buffer.from([0x8e, 0xb8, 0x94, 0x73]).toString("base64"), "失敗"],
  ])("is decoded from %s", async (charset, content, text = "FAILED") => {
    const mail = await read([
      `Content-Type: text/plain; charset="${charset}"`,
      "Content-Transfer-Encoding: base64",
      "",
      content,
    ])
    expect(mail.text.trim()).toBe(text)
  })

  it("is that of both alternatives", async () => {
    const { text } = await read([
      'Content-Type: multipart/alternative; boundary="b1"',
      "",
      "--b1",
      "Content-Type: text/plain; charset=utf-8",
      "",
      "only in plain",
      "--b1",
      "Content-Type: text/html; charset=utf-8",
      "",
      "<p>only in <b>HTML</b></p>",
      "--b1--",
    ])
    expect(text).toContain("only in plain")
    expect(text).toContain("only in HTML")
  })

  it("is that of every part that is no attachment", async () => {
    const { text } = await read([
      "Content-Type: multipart/mixed; boundary=b",
      "",
      "the preamble is for nobody",
      "--b",
      "",
      "first part",
      "--b",
      "Content-Type: multipart/related; boundary=c",
      "",
      "--c",
      "Content-Type: text/html",
      "",
      "<i>second</i> part",
      "--c--",
      "--b",
      "Content-Type: text/plain",
      "Content-Disposition: attachment; filename*=utf-8''log%20file.txt",
      "",
      "attached FAILED",
      "--b--",
      "the epilogue, too",
    ])
    expect(text).toContain("first part")
    expect(text).toContain("second part")
    expect(text).not.toMatch(/FAILED|preamble|epilogue/)
  })

  it.each([
    ["tags inside a word", "<b>START</b>ED", "STARTED"],
    ["styles and scripts", "<p>FAILED</p><style>SUCCESS{}</style><script>'SUCCESS'</script>", "FAILED"],
    ["headings as they are written", "<h1>Backup failed</h1>", "Backup failed"],
    ["cells apart", "<table><tr><td>Backup</td><td>failed</td></tr></table>", "Backup failed"],
    ["items apart, without bullets", "<ul><li>one</li><li>two</li></ul>", "one two"],
    ["the title", "<html><head><title>Nightly</title></head><body>ok</body></html>", "Nightly ok"],
    ["entities", "1 &lt; 2 &amp; &auml;&nbsp;&#x2705;", "1 < 2 & ä ✅"],
    ["links without their targets", '<a href="https://example.org/FAILED">log</a>', "log"],
    ["no pictures or comments", '<img alt="FAILED" src="x.png"><!-- FAILED -->fine', "fine"],
    ["lines as one", "Backup\r\n   failed", "Backup failed"],
    ["what is not closed", "<p>unclosed <b>bold", "unclosed bold"],
  ])("shows of HTML %s", async (_case, html, shown) => {
    const { text } = await read(["Content-Type: text/html; charset=utf-8", "", html])
    expect(text).toBe(shown)
  })

  it.each([
    ["text/csv", "state;FAILED"],
    ["text/markdown", "# FAILED"],
    ["text/x-log", "FAILED"],
    ["application/json", '{"state": "FAILED"}'],
  ])("is that of a message whose only part is %s, which mail clients show", async (type, content) => {
    const { text } = await read(["Subject: x", `Content-Type: ${type}`, "", content])
    expect(text).toContain(content)
  })

  it("is not that of an attachment, nor of what nobody reads", async () => {
    for (const head of [
      "Content-Type: text/csv\r\nContent-Disposition: attachment; filename=a.csv",
      "Content-Type: application/octet-stream",
      "Content-Type: text/calendar",
    ]) {
      const { text } = await read(["Subject: x", head, "", "FAILED"])
      expect(text).not.toContain("FAILED")
    }
  })

  it("holds nothing of a message within the message", async () => {
    const { text, subject } = await read([
      "Subject: outer",
      "Content-Type: multipart/mixed; boundary=b",
      "",
      "--b",
      "",
      "forwarded",
      "--b",
      "Content-Type: message/rfc822",
      "",
      "Subject: inner FAILED",
      "",
      "inner FAILED",
      "--b--",
    ])
    expect(subject).toBe("outer")
    expect(text.trim()).toBe("forwarded")
  })

  it("is empty for an empty message", async () => {
    expect(await read([])).toEqual({ subject: "", text: "" })
    expect(await read(["", ""])).toEqual({ subject: "", text: "" })
  })
})

describe("a message that is no proper MIME", () => {
  it.each([
    ["a multipart without a boundary", ["Content-Type: multipart/mixed", "", "job FAILED"]],
    ["a boundary that never comes", ["Content-Type: multipart/mixed; boundary=q", "", "job FAILED"]],
    ["a part that is cut off", ["Content-Type: multipart/mixed; boundary=b", "", "--b", "", "job FAILED"]],
    ["base64 that is none", ["Content-Transfer-Encoding: base64", "", "!!!! job FAILED"], /./],
    ["an unknown transfer encoding", ["Content-Transfer-Encoding: x-rot13", "", "job FAILED"]],
    ["no headers", ["", "job FAILED"]],
  ])("is read as well as it goes: %s", async (_case, lines, expected = /job FAILED/) => {
    expect((await read(lines)).text).toMatch(expected)
  })

  it("is read from bytes of no charset, too", async () => {
    const { text } = await read(["Subject: x", "", "caf\xe9 FAILED"], "latin1")
    expect(text).toMatch(/^caf. FAILED/)
  })

  it("is its source when its parts lie deeper than anybody means", async () => {
    const parts = Array.from(
      { length: Limits.nesting + 1 },
      (_, depth) => `Content-Type: multipart/mixed; boundary=b${depth}\r\n\r\n--b${depth}`,
    )
    const { text } = await read([...parts, "", "job FAILED"])
    expect(text).toContain("job FAILED")
    expect(text).toContain("boundary=b0")
  })
})

describe("the reader", () => {
  /** A message in which words are looked for. */
  const asked = (raw: Uint8Array, ...keywords: string[]) => ({ raw, keywords, network: "192.0.2.9" })
  const source = asked(message(["Subject: hello", "", "the world"]), "hello", "world")
  const found = { subject: "hello", text: "world" }
  /** Nested lists cost an HTML parser the square of their number. */
  const hostile = message(["Content-Type: text/html", "", "<ul><li>".repeat(120_000)])

  it("reads messages in the order in which they came", async () => {
    const reader = MailReader.make()
    const mails = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        reader.read(asked(message([`Subject: number ${index}!`, "", "x"]), `number ${index}!`)),
      ),
    )
    expect(mails.map(({ subject }) => subject)).toEqual(
      Array.from({ length: 20 }, (_, index) => `number ${index}!`),
    )
  })

  const childrenOf = (pid: number | string) =>
    readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean)
  const onLinux = it.skipIf(process.platform !== "linux")

  /** A reader that has read a message, the process that it started for that, and the worker which that one started. */
  const opened = async () => {
    const before = new Set(childrenOf(process.pid))
    const reader = MailReader.make({ readingTime: 300 })
    await reader.read(source)
    const [starter = ""] = childrenOf(process.pid).filter((pid) => !before.has(pid))
    const [worker = ""] = childrenOf(starter)
    return { reader, before, starter, worker }
  }

  onLinux("knows no key of the server that it works for", async () => {
    process.env["OVERDUE_SECRET"] = "a secret of the server"
    try {
      const { starter, worker } = await opened()
      for (const pid of [starter, worker]) {
        const environment = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0")
        expect(environment.map((line) => line.split("=")[0])).toContain("PATH")
        expect(environment.filter((line) => line.startsWith("OVERDUE_"))).toEqual([])
      }
    } finally {
      delete process.env["OVERDUE_SECRET"]
    }
  })

  onLinux("has the server start one process, however many workers messages cost", async () => {
    const { reader, before, starter, worker } = await opened()
    const read = await Promise.all([1, 2, 3].map(() => reader.read(asked(hostile, "<ol>"))))
    expect(read.every(({ isSource }) => isSource)).toBe(true)
    expect(await reader.read(source)).toEqual(found)
    expect(childrenOf(process.pid).filter((pid) => !before.has(pid))).toEqual([starter])
    expect(childrenOf(starter)).not.toContain(worker)
  })

  onLinux("reads on when somebody has ended its processes", async () => {
    const { reader, starter, worker } = await opened()
    process.kill(Number(starter), "SIGKILL")
    // The worker ends with who has started it.
    await expect.poll(() => existsSync(`/proc/${worker}/exe`)).toBe(false)
    expect(await reader.read(source)).toEqual(found)
  })

  it("reads no more than the beginning of a message", async () => {
    const reader = MailReader.make()
    const head = "Subject: long\r\n\r\nbeginning "
    const long = Buffer.from(head + "x".repeat(Limits.readSize) + " end")
    expect(await reader.read(asked(long, "beginning", "end"))).toEqual({ subject: "", text: "beginning" })
  })

  it("reads a message that takes longer than most", async () => {
    const reader = MailReader.make({ firstTime: 1, readingTime: 30_000 })
    const long = message(["Content-Type: text/html", "", `${"<p>done</p>".repeat(20_000)}FAILED`])
    expect(await reader.read(asked(long, "FAILED"))).toEqual({ subject: "", text: "FAILED" })
  })

  it("gives up on a message that keeps it too long, searches its source, and reads the next", async () => {
    const reader = MailReader.make({ readingTime: 300 })
    const [stuck, next] = await Promise.all([
      reader.read(asked(hostile, "<ul><li><ul>", "<ol>")),
      reader.read(source),
    ])
    expect(stuck).toEqual({ subject: "", text: "<ul><li><ul>", isSource: true })
    expect(next).toEqual(found)
  })

  it("searches the source of a message that bursts its memory, and reads the next", async () => {
    const reader = MailReader.make({ readingTime: 30_000 })
    // A parser remembers each of half a million lines.
    const hostile = message([
      "Subject: a",
      " bomb",
      "Content-Type: text/html",
      "",
      "\r\n".repeat(500_000),
      "FAILED",
    ])
    const [burst, next] = await Promise.all([
      reader.read(asked(hostile, "a bomb", "text/html FAILED")),
      reader.read(source),
    ])
    expect(burst).toEqual({ subject: "a bomb", text: "a bomb,text/html FAILED", isSource: true })
    expect(next).toEqual(found)
  })

  it("searches the source where the machine can start no process", async () => {
    const { execPath } = process
    process.execPath = "/nowhere/node"
    try {
      const read = MailReader.make().read(source)
      expect(await read).toEqual({ subject: "hello", text: "hello,world", isSource: true })
    } finally {
      process.execPath = execPath
    }
  })

  it("gives a message up whose source cannot even be searched in time, and reads the next", async () => {
    const reader = MailReader.make({ readingTime: 300 })
    const long = "a".repeat(500_000)
    const hostile = message(["Content-Type: text/html", "", `${"<ul><li>".repeat(60_000)}${long}`])
    const keywords = Array.from({ length: 2_000 }, (_, index) => `aa${index}`)
    const [stuck, next] = await Promise.all([
      reader.read(asked(hostile, "<ul>", ...keywords)),
      reader.read(source),
    ])
    expect(stuck).toEqual({ subject: "", text: "", isSource: true })
    expect(next).toEqual(found)
  })

  it("reads what does not take long before all that does, however much of that came before", async () => {
    const reader = MailReader.make({ firstTime: 100, readingTime: 600 })
    const hostile = message(["Content-Type: text/html", "", "<ul><li>".repeat(120_000)])
    const ended: string[] = []
    const read = (raw: Uint8Array, network: string) =>
      reader.read({ ...asked(raw, "x"), network }).then(() => void ended.push(network))
    await Promise.all([
      ...Array.from({ length: 3 }, () => read(hostile, "stranger")),
      read(source.raw, "job"),
      read(source.raw, "job"),
      read(source.raw, "another job"),
    ])
    expect(ended.slice(0, 3).toSorted()).toEqual(["another job", "job", "job"])
  })

  it("leaves the event loop alone meanwhile", async () => {
    const reader = MailReader.make({ readingTime: 1_000 })
    const done = new AbortController()
    const hostile = message(["Content-Type: text/html", "", "<ul><li>".repeat(120_000)])
    void reader.read(asked(hostile, "x")).then(() => done.abort())
    let turns = 0
    while (!done.signal.aborted) {
      await new Promise((resolve) => setImmediate(resolve))
      turns++
    }
    expect(turns).toBeGreaterThan(100)
  })

  it("refuses when too many wait, and half of that of one network", async () => {
    const reader = MailReader.make()
    const from = (network: string, count: number) =>
      Array.from({ length: count }, () => reader.read({ ...source, network }))
    const first = reader.read({ ...source, network: "first" })
    const reading = from("stranger", Limits.waiting / 2)
    await expect(reader.read({ ...source, network: "stranger" })).rejects.toThrow("too many messages")
    reading.push(...from("job", Limits.waiting / 2))
    await expect(reader.read({ ...source, network: "another" })).rejects.toThrow("too many messages")
    await Promise.all([first, ...reading])
    expect(await reader.read(source)).toEqual(found)
  })

  it("does not keep a process alive, nor outlive it", async () => {
    const program = `
      const MailReader = await import(${JSON.stringify(import.meta.resolve("@overdue/server/mail/MailReader"))})
      const raw = new TextEncoder().encode("Subject: x")
      const { subject } = await MailReader.make().read({ raw, keywords: ["x"], network: "" })
      process.stdout.write(subject)
    `
    const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
      stdio: ["ignore", "pipe", "inherit"],
    })
    let said = ""
    child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()))
    // Closed only once nobody holds the other end of the pipe.
    const code = await new Promise((resolve) => child.once("close", resolve))
    expect([code, said]).toEqual([0, "x"])
  })
})
