import * as PingUrl from "@overdue/server/dialects/healthchecks/pings/PingUrl"
import { describe, expect, it } from "vitest"

const id = "482d58f2-1f39-4806-9366-8c2bc42a1446"
const success = { action: "success", exitStatus: undefined }

describe("a path that is a ping", () => {
  it.each([
    [`/ping/${id}`, { target: { id }, ...success }],
    [`/ping/${id}/`, { target: { id }, ...success }],
    [`/${id}`, { target: { id }, ...success }],
    [`/${id}/fail`, { target: { id }, action: "fail", exitStatus: undefined }],
    [`/ping/${id}/start`, { target: { id }, action: "start", exitStatus: undefined }],
    [`/ping/${id}/log`, { target: { id }, action: "log", exitStatus: undefined }],
    [`/ping/${id}/cancel`, { target: { id }, action: "cancel", exitStatus: undefined }],
    ["/ping/key/cancel", { target: { pingKey: "key", slug: "cancel" }, ...success }],
    [`/ping/${id}/0`, { target: { id }, action: "success", exitStatus: 0 }],
    [`/ping/${id}/255`, { target: { id }, action: "success", exitStatus: 255 }],
    [`/ping/${id}/256`, { target: { id }, action: "success", exitStatus: 256 }],
    ["/ping/key/backup", { target: { pingKey: "key", slug: "backup" }, ...success }],
    [`/ping/${"k".repeat(64)}/backup`, { target: { pingKey: "k".repeat(64), slug: "backup" }, ...success }],
    ["/ping/key/backup/7", { target: { pingKey: "key", slug: "backup" }, action: "success", exitStatus: 7 }],
    // No UUID in lower case, so it is a ping key and a slug.
    [`/ping/${id}/START`, { target: { pingKey: id, slug: "START" }, ...success }],
  ])("%s", (path, expected) => {
    expect(PingUrl.parse(path)).toEqual(expected)
  })
})

describe("a path that is no ping", () => {
  it.each([
    "/",
    "/ping/",
    "/ping/key",
    "/ping/key/backup/",
    "/ping/key/backup/start/",
    `/ping/${id.toUpperCase()}`,
    `/ping/${id}/start/`,
    `/ping/${id}/-1/x`,
    `/ping/${id}//`,
    `/api/v3/checks/${id}`,
    `/${id}x`,
    "/ping/k%65y/backup",
    `/ping/${"k".repeat(65)}/backup`,
  ])("%s", (path) => {
    expect(PingUrl.parse(path)).toBeUndefined()
  })
})

describe("a run id in a query", () => {
  const rid = (query: string) => PingUrl.rid(new URLSearchParams(query))

  it("is put in lower case", () => {
    expect(rid(`rid=${id.toUpperCase()}`)).toBe(id)
  })

  it("is the last of several, as Healthchecks reads them", () => {
    expect(rid(`rid=x&rid=${id}`)).toBe(id)
  })

  it("is undefined when absent, and null when it is no UUID", () => {
    expect(rid("a=b")).toBeUndefined()
    expect(["rid=", "rid=x", `rid=${id.replaceAll("-", "")}`, `rid={${id}}`].map(rid)).toEqual([
      null,
      null,
      null,
      null,
    ])
  })
})
