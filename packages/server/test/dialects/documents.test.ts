/** What the APIs of other services say of themselves: valid, and served as it says. */
import { Validator } from "@seriousme/openapi-schema-validator"
import * as Dialects from "@overdue/server/dialects/index"
import { describe, expect, it } from "vitest"
import { HttpHost } from "../../../../test/kit/HttpHost.ts"

describe.each(Dialects.dialects.slice(1))("the document of $title", ({ mount }) => {
  it("is valid OpenAPI 3.1, names each operation once, and no path that is not served", async () => {
    await using host = await HttpHost.open()
    const document = (await host.ask("GET", `${mount}/openapi.json`, { key: "" })).json()
    const { valid, errors } = await new Validator().validate(structuredClone(document))
    expect([errors ?? [], valid]).toEqual([[], true])
    const ids: string[] = []
    for (const [path, methods] of Object.entries<Record<string, { readonly operationId: string }>>(
      document.paths,
    )) {
      for (const [method, { operationId }] of Object.entries(methods)) {
        ids.push(operationId)
        const served = await host.ask(method.toUpperCase(), mount + path.replaceAll(/\{\w+\}/g, "1"), {
          key: "",
        })
        expect([path, method, [401, 404, 422].includes(served.status)]).toEqual([path, method, true])
      }
    }
    expect(new Set(ids).size).toBe(ids.length)
  })

  it("says of numbers nothing that JSON does not have", async () => {
    await using host = await HttpHost.open()
    const { text } = await host.ask("GET", `${mount}/openapi.json`, { key: "" })
    expect(text).toContain('"number"')
    expect(text).not.toMatch(/Infinity|NaN/)
  })

  it("is a page with every field of what is sent", async () => {
    await using host = await HttpHost.open()
    const { text } = await host.ask("GET", `${mount}/docs`, { key: "" })
    expect(text).toMatch(/<code>name<\/code>(<br><small>required<\/small>)?<\/td>/)
    expect(text).not.toContain('href="#schemas"')
  })
})
