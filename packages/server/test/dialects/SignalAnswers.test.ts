/** Signals that are refused or that fail, as any dialect answers them. */
import { StoreError } from "@overdue/core/Store"
import { CheckLimitReached, CheckNotFound, RateLimited, SlugAmbiguous } from "@overdue/engine/CommandError"
import type * as Receive from "@overdue/engine/commands/Receive"
import * as SignalAnswers from "@overdue/server/dialects/SignalAnswers"
import { BodyTooLarge, json, type HeaderFields } from "@overdue/server/http/Http"
import * as Cause from "effect/Cause"
import { describe, expect, it } from "vitest"

const own: HeaderFields = { "x-dialect": "one" }
const answers = SignalAnswers.make({
  write: (status, message, headers) => json(status, { message }, { ...own, ...headers }),
  notFound: json(404, { message: "no such monitor" }),
  ambiguous: json(422, { message: "several monitors have this key" }),
})

const uncached = { "x-dialect": "one", "cache-control": expect.stringContaining("no-store") }

describe("a signal that is refused", () => {
  it.each<readonly [string, Receive.Refusal | StoreError, number, object]>([
    ["an unknown check", new CheckNotFound({ check: "x" }), 404, {}],
    ["a full project", new CheckLimitReached({ limit: 1 }), 404, {}],
    ["several checks of the name", new SlugAmbiguous({ slug: "x" }), 422, {}],
    ["too many signals", new RateLimited({ seconds: 7 }), 429, { ...uncached, "retry-after": "7" }],
    [
      "a store that fails",
      new StoreError({ reason: "full", detail: "The disk is full." }),
      503,
      { ...uncached, "retry-after": "5" },
    ],
  ])("for %s is answered in the words of the dialect", (_case, error, status, headers) => {
    expect(answers.ofCause(Cause.fail(error))).toMatchObject({ status, headers })
  })

  it("by a bug is answered 500, without the bug", () => {
    const { status, headers, body } = answers.ofCause(Cause.die(new Error("off by one")))
    expect([status, headers]).toEqual([500, expect.objectContaining(uncached)])
    expect(body).not.toContain("off by one")
  })

  it("for its body is told whether that is too large or cannot be read", () => {
    expect(answers.ofBodyError(new BodyTooLarge())).toMatchObject({ status: 413, headers: uncached })
    expect(answers.ofBodyError(new Error("gone"))).toMatchObject({ status: 400, headers: uncached })
  })
})
