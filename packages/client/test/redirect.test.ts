import * as Redirect from "@overdue/client/redirect"
import { describe, expect, it } from "vitest"

const headers = { "X-Api-Key": "k", authorization: "Bearer t", accept: "*/*" }
const from = (address: string): Redirect.Hop => ({ address: new URL(address), headers })

const to = (location: string | null, address = "https://a.example/ping/x", status = 302) =>
  Redirect.next({ status, location }, from(address))

describe("a redirect", () => {
  it.each([
    ["../moved?x=1", "https://a.example/moved?x=1"],
    ["//a.example/y", "https://a.example/y"],
  ])("to %s leads to %s, with all headers", (location, address) => {
    expect(to(location)).toMatchObject({ address: { href: address }, headers })
  })

  it("from plain text to TLS keeps the headers", () => {
    expect(to("https://a.example/ping/x", "http://a.example/ping/x")).toMatchObject({ headers })
  })

  it.each(["https://b.example/", "https://a.example:8443/"])("to %s leaves the keys behind", (location) => {
    expect(to(location)?.headers).toEqual({ accept: "*/*" })
  })

  it.each(["http://a.example/ping/x", "ftp://a.example/", "mailto:a@example.org", "http://", "", null])(
    "to %j leads nowhere",
    (location) => expect(to(location)).toBe(undefined),
  )

  it.each([200, 300, 304, 305, 404])("is none with the status %i", (status) => {
    expect(to("/y", "https://a.example/", status)).toBe(undefined)
  })
})
