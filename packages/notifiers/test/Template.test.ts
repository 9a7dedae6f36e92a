import * as Template from "@overdue/notifiers/Template"
import type { Placeholder } from "@overdue/notifiers/Template"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as Alerts from "./Alerts.ts"

const noLinks = { root: undefined }
const alert = Alerts.make()
const everywhere = Template.placeholders(alert, noLinks)

describe("a template", () => {
  it.each([
    ["$CODE", Alerts.checkId],
    ["$STATUS", "down"],
    ["$NOW", "2026-01-31T12:00:00+00:00"],
    ["$NAME", "Nightly backup"],
    ["$NAME_JSON", '"Nightly backup"'],
    ["$SLUG", "nightly-backup"],
    ["$TAGS", "prod db"],
    ["$TAG1", "prod"],
    ["$TAG2", "db"],
    ["$EXITSTATUS", "-1"],
    ["$REASON", "missed"],
    ["[$DIAGNOSIS]", "[]"],
    ["$SINCE", "2026-01-31T12:00:00+00:00"],
    ["$OCCASION", "flip"],
    ["[$UNTOLD]", "[]"],
    ["$TAG10", "prod0"],
    ["$TAG3", "$TAG3"],
    ["$NAMEs", "Nightly backups"],
    ["$name $ $$ $UNKNOWN", "$name $ $$ $UNKNOWN"],
    ["cost: 5$", "cost: 5$"],
    ["$$NAME", "$Nightly backup"],
    ["$STATUS:$STATUS", "down:down"],
    ["", ""],
  ])("with %s reads %s", (template, text) => {
    expect(Template.fill(template, everywhere)).toBe(text)
  })

  it("replaces every placeholder of the legend, which names all", () => {
    const all = [...everywhere, ...Template.bodyPlaceholders(alert)]
    for (const [name, meaning] of Template.legend) {
      expect(Template.fill(`[${name}]`, all)).not.toContain(name)
      expect(meaning).not.toBe("")
    }
    const names = Template.legend.map(([name]) => name)
    expect(all.map(([name]) => name).filter((name) => !names.includes(name))).toEqual(["$TAG2"])
  })

  it("says what the channel could not be told before, and why the check was down that is up", () => {
    const up = Alerts.make({
      alert: {
        status: "up",
        reason: "success",
        outage: { id: "1", since: Alerts.at, until: Alerts.at, reason: "overran", rid: undefined },
        untold: [
          { id: "1", occasion: "flip", status: "down", reason: "overran", at: Alerts.at },
          { id: "2", occasion: "reminder", status: "down", reason: "overran", at: Alerts.at + 3_600_000 },
          { id: "3", occasion: "reminder", status: "up", reason: "success", at: Alerts.at + 7_200_000 },
        ],
      },
    })
    expect(Template.fill("$STATUS $REASON: $UNTOLD", Template.placeholders(up, noLinks))).toBe(
      "up overran: down (overran) at 2026-01-31T12:00:00+00:00; still down (overran) at 2026-01-31T13:00:00+00:00; up, reminding of what expires soon, at 2026-01-31T14:00:00+00:00",
    )
  })

  it("says what is known of the cause, a sentence after the other", () => {
    const remarks = [
      { code: "probe" as const, text: "The probe says: connection refused." },
      { code: "expires" as const, text: "The certificate expires soon." },
    ]
    const asked = Alerts.make({ alert: { remarks } })
    expect(Template.fill("$DIAGNOSIS", Template.placeholders(asked, noLinks))).toBe(
      "The probe says: connection refused. The certificate expires soon.",
    )
  })

  it("leaves alone what values contain", () => {
    const slugOnly = Alerts.make({ details: { name: "", slug: "nightly" } })
    const ofSlug = Template.placeholders(slugOnly, noLinks)
    expect(Template.fill("$NAME $NAME_JSON", ofSlug)).toBe('nightly "nightly"')
    const tricky = Alerts.make({ details: { name: "$TAG1", tags: "$NAME foo" } })
    expect(Template.fill("$NAME $TAG1 $$NAMETAG2", Template.placeholders(tricky, noLinks))).toBe(
      "$TAG1 $NAME $$TAG1TAG2",
    )
  })

  it("without placeholders is itself, whatever its characters", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const plain = text.replaceAll("$", "")
        return Template.fill(plain, everywhere) === plain && Template.fill(text, []) === text
      }),
    )
  })

  it("is filled once: the length of a filled text is the sum of its parts", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.string(), (words, value) => {
        const list: readonly Placeholder[] = [["$X", () => value]]
        const plain = words.map((word) => word.replaceAll("$", ""))
        return Template.fill(plain.join("$X"), list) === plain.join(value)
      }),
    )
  })

  it("in a URL has what users choose percent-encoded, and the rest as it is", () => {
    const check = { name: "a b/ü?&$%", slug: "a-b_c", tags: "x&y z" }
    const list = Template.placeholders(Alerts.make({ details: check }), noLinks)
    const fill = (template: string) => Template.fillUrl(template, list)
    expect(fill("?$NAME")).toBe("?a%20b/%C3%BC%3F%26%24%25")
    expect(fill("$CODE/$STATUS/$SLUG")).toBe(`${Alerts.checkId}/down/a-b_c`)
    expect(fill("$TAGS/$TAG1")).toBe("x%26y%20z/x%26y")
    expect(fill("$NOW")).toBe("2026-01-31T12%3A00%3A00%2B00%3A00")
    expect(fill("?$NAME_JSON")).toBe("?%22a%20b/%5Cu00fc%3F%26%24%25%22")
    expect(decodeURIComponent(fill("?$JSON"))).toMatch(/^\?\{"name": "a b\/\\u00fc\?&\$%", /)
  })

  it("in the path of a URL stays in its segment, whatever its value", () => {
    const template = "https://hooks.example/n/$NAME/t/.$TAG1/end?$NAME#$TAG1"
    const hostile = fc.oneof(
      fc.constantFrom(
        "..",
        ".",
        "../../../admin/delete",
        "/",
        "\\..\\..",
        "%2e%2e",
        "%2F",
        "a/..",
        "?",
        "#",
        "@x.example",
        "$TAG1",
      ),
      fc.string({ unit: "binary" }),
      fc
        .array(fc.constantFrom(".", "/", "\\", "%", "2", "e", "F", "?", "#", ":", "@"), { maxLength: 12 })
        .map((parts) => parts.join("")),
    )
    fc.assert(
      fc.property(hostile, hostile, (name, tag) => {
        const alert = Alerts.make({ details: { name, tags: tag } })
        const url = new URL(Template.fillUrl(template, Template.placeholders(alert, noLinks)))
        const segments = url.pathname.split("/")
        expect([url.host, segments.length, segments[1], segments[3], segments[5]]).toEqual([
          "hooks.example",
          6,
          "n",
          "t",
          "end",
        ])
      }),
    )
  })
})

describe("percent-encoding", () => {
  it("spares letters, digits and _.-~/ and nothing else of ASCII", () => {
    const ascii = String.fromCharCode(...Array.from({ length: 128 }, (_, code) => code))
    expect(Template.percentEncode(ascii).replaceAll(/%[0-9A-F]{2}/g, "")).toBe(
      "-./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~",
    )
  })

  it("is undone by decoding, and never fails", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const encoded = Template.percentEncode(text)
        return /^[-./\w~%]*$/.test(encoded) && decodeURIComponent(encoded) === text
      }),
    )
    expect(Template.percentEncode("\ud800")).toBe("%EF%BF%BD")
  })
})

describe("what the last ping carried", () => {
  const filled = (template: string, body: Uint8Array | undefined) =>
    Template.fill(
      template,
      Template.bodyPlaceholders(Alerts.make({ alert: { lastPing: Alerts.ping({ body }) } })),
    )

  it("stands in for $BODY, as text and as JSON", () => {
    expect(filled("$BODY|$BODY_JSON", Alerts.text('Line 1\n"Zeile" ü'))).toBe(
      'Line 1\n"Zeile" ü|"Line 1\\n\\"Zeile\\" \\u00fc"',
    )
  })

  it("is decoded with replacement when it is not UTF-8", () => {
    expect(filled("$BODY", new Uint8Array([0x61, 0xff, 0x62]))).toBe("a\ufffdb")
    expect(filled("$BODY", new Uint8Array([0xef, 0xbb, 0xbf, 0x61]))).toBe("\ufeffa")
  })

  it("is empty when there was no body, or no ping", () => {
    expect(filled("[$BODY][$BODY_JSON]", undefined)).toBe('[][""]')
    expect(Template.fill("[$BODY]", Template.bodyPlaceholders(Alerts.make()))).toBe("[]")
  })
})
