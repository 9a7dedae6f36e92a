/** A kind of channel describes itself once: the OpenAPI document, its page and the help are made of that. */
import { command } from "@overdue/cli/commands/channels/add"
import { page } from "@overdue/cli/Help"
import type { Description } from "@overdue/core/Notifier"
import { kinds } from "@overdue/notifiers"
import { endpoints } from "@overdue/server/dialects/healthchecks/management/endpoints/index"
import * as DocsPage from "@overdue/server/docs/DocsPage"
import * as OpenApi from "@overdue/server/dialects/healthchecks/management/openapi/OpenApi"
import { describe, expect, it } from "vitest"

const descriptions = kinds.map(({ description }) => description)
const pigeon: Description = {
  kind: "carrier-pigeon",
  title: "Carrier pigeon",
  documentation: "https://pigeon.example",
  value: { type: "object", properties: { loft: { type: "string", description: "Where it lives." } } },
  takesSeveral: false,
}

const propertiesOf = ({ value }: Description) =>
  Object.entries(value["properties"] as Readonly<Record<string, { readonly description: string }>>)

describe.each(descriptions)("the kind $kind", (kind) => {
  it("says of every field of its value what it is", () => {
    expect(propertiesOf(kind).length).toBeGreaterThan(0)
    for (const [, { description }] of propertiesOf(kind)) expect(description).toMatch(/^[A-Z].*\.$/)
  })

  it("is explained by the help of the command that adds channels", async () => {
    const help = (await page(command)).replaceAll(/\s+/g, " ")
    expect(help).toContain(`Settings of the kind ${kind.kind} (${kind.title}, ${kind.documentation})`)
    for (const [field, { description }] of propertiesOf(kind))
      expect(help).toContain(`${field} ${description}`)
  })
})

it("the OpenAPI document and its page say what the value of each kind is", () => {
  const document = OpenApi.make(endpoints, "https://overdue.example", [...descriptions, pigeon])
  const { ChannelInput, ChannelChange, CarrierPigeonValue } = document.components.schemas as Readonly<
    Record<string, Readonly<Record<string, unknown>>>
  >
  const names = ["WebhookValue", "CarrierPigeonValue"]
  const anyOf = expect.arrayContaining(names.map((name) => ({ $ref: `#/components/schemas/${name}` })))
  expect(ChannelInput!["properties"]).toMatchObject({ value: { anyOf } })
  expect(ChannelChange!["properties"]).toMatchObject({ value: { anyOf } })
  expect(CarrierPigeonValue).toMatchObject({
    title: "Carrier pigeon",
    properties: pigeon.value["properties"],
  })
  const html = DocsPage.print(document)
  expect(html).toContain('<article id="schema-CarrierPigeonValue">')
  expect(html).toContain("Where it lives.")
})
