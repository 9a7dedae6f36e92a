import * as Check from "@overdue/core/Check"
import * as Signal from "@overdue/core/Signal"
import { describe, expect, it } from "vitest"

const policy = (more: Partial<Check.Policy> = {}, filters: Partial<Check.Filters> = {}): Check.Policy => ({
  ...Check.defaultPolicy,
  ...more,
  filters: { ...Check.noFilters, ...filters },
})

const unread = (): string => {
  throw new Error("the text was read although no filter asks for it")
}

const http = (more: Partial<Signal.Http> = {}): Signal.Http => ({
  via: "http",
  method: "GET",
  action: "success",
  exitStatus: undefined,
  text: unread,
  ...more,
})

const email = (subject: string, text: () => string = unread): Signal.Email => ({
  via: "email",
  subject,
  text,
})

const keywords = { startKeywords: "BEGIN", successKeywords: "OK, done ,", failureKeywords: "FAIL,error" }

describe("an HTTP signal", () => {
  it("means what its URL says", () => {
    for (const action of ["success", "start", "fail", "log"] as const) {
      expect(Signal.classify(policy(), http({ action }))).toBe(action)
    }
  })

  it("is a success with exit status 0 and a failure with any other", () => {
    const kinds = [0, 1, 255].map((exitStatus) => Signal.classify(policy(), http({ exitStatus })))
    expect(kinds).toEqual(["success", "fail", "fail"])
  })

  it("is ignored when its method does not count, before anybody looks at its body", () => {
    const postOnly = policy({ methods: ["POST"] }, { httpBody: true, ...keywords })
    expect(Signal.classify(postOnly, http())).toBe("ignored")
    expect(Signal.classify(postOnly, http({ method: "POST", text: () => "OK" }))).toBe("success")
    expect(Signal.classify(policy({ methods: ["POST"] }), http({ exitStatus: 1 }))).toBe("ignored")
  })

  it("means what its body says when the policy filters by it, whatever the URL says", () => {
    const filtered = policy({}, { httpBody: true, ...keywords })
    const kind = (text: string, more: Partial<Signal.Http> = {}) =>
      Signal.classify(filtered, http({ text: () => text, ...more }))
    expect(kind("an error came")).toBe("fail")
    expect(kind("all done")).toBe("success")
    expect(kind("BEGIN")).toBe("start")
    expect(kind("FAIL", { action: "log" })).toBe("fail")
    expect(kind("nothing", { exitStatus: 1 })).toBe("ignored")
  })

  it("takes no notice of filters for e-mail", () => {
    expect(Signal.classify(policy({}, { subject: true, body: true, ...keywords }), http())).toBe("success")
  })
})

describe("an e-mail", () => {
  it("is a success when nothing filters, and when only HTTP bodies are filtered", () => {
    expect(Signal.classify(policy(), email("FAIL"))).toBe("success")
    expect(Signal.classify(policy({}, { httpBody: true, ...keywords }), email("FAIL"))).toBe("success")
  })

  it("means what its subject says, without reading its text", () => {
    const filtered = policy({}, { subject: true, ...keywords })
    expect(Signal.classify(filtered, email("backup FAIL"))).toBe("fail")
    expect(Signal.classify(filtered, email("backup"))).toBe("ignored")
  })

  it("means what its text says, whatever its subject says", () => {
    const filtered = policy({}, { body: true, ...keywords })
    expect(
      Signal.classify(
        filtered,
        email("FAIL", () => "OK"),
      ),
    ).toBe("success")
  })

  it("is searched as subject and text together, but no keyword spans the two", () => {
    const filtered = policy({}, { subject: true, body: true, ...keywords })
    expect(
      Signal.classify(
        filtered,
        email("OK", () => "error"),
      ),
    ).toBe("fail")
    expect(
      Signal.classify(
        filtered,
        email("BEG", () => "IN"),
      ),
    ).toBe("ignored")
  })

  it("fails without a keyword when the policy says so", () => {
    expect(Signal.classify(policy({}, { subject: true, defaultFail: true }), email("x"))).toBe("fail")
  })
})

describe("keywords", () => {
  const search = (text: string) => Signal.byKeyword({ ...Check.noFilters, ...keywords }, text)

  it("are tried failure first, then success, then start, and the one that was found is told", () => {
    expect(search("BEGIN OK FAIL")).toEqual({ kind: "fail", keyword: "FAIL" })
    expect(search("BEGIN OK")).toEqual({ kind: "success", keyword: "OK" })
    expect(search("BEGIN")).toEqual({ kind: "start", keyword: "BEGIN" })
    expect(search("")).toEqual({ kind: "ignored", keyword: undefined })
  })

  it("are told apart by case, and the blanks around them and empty ones do not count", () => {
    expect(search("ok")).toEqual({ kind: "ignored", keyword: undefined })
    expect(search("undone")).toEqual({ kind: "success", keyword: "done" })
  })
})

describe("a signal that is given in process", () => {
  const said = (action: Signal.Action, exitStatus?: number): Signal.InProcess => ({
    via: "process",
    action,
    exitStatus,
  })

  it("means what it says, whatever methods and filters a check has for what comes from elsewhere", () => {
    const strict = policy({ methods: ["POST"] }, { ...keywords, httpBody: true, subject: true, body: true })
    for (const action of ["success", "start", "fail", "log"] as const) {
      expect(Signal.classify(strict, said(action))).toBe(action)
    }
  })

  it("is a success with exit status 0 and a failure with any other", () => {
    const kinds = [0, 1, 255].map((exitStatus) => Signal.classify(policy(), said("success", exitStatus)))
    expect(kinds).toEqual(["success", "fail", "fail"])
  })
})
