import * as Mailbox from "@overdue/server/mail/Mailbox"
import { describe, expect, it } from "vitest"

const id = "f3b7c1de-1111-4222-8333-444455556666"

describe("the address of a check", () => {
  it.each([
    [id, { id }],
    [id.toUpperCase(), { id }],
    ["pingkey0123456789abcde+db-backup_1", { pingKey: "pingkey0123456789abcde", slug: "db-backup_1" }],
    ["short+x", { pingKey: "short", slug: "x" }],
    ["Short+X", { pingKey: "Short", slug: "x" }],
    ["key+slug+more", { pingKey: "key", slug: "slug" }],
    [`"${id}"`, { id }],
    [`healthchecks.io+${id}`, { id }],
    [`${id}+with.dot`, { id }],
    [`a.b+${id.toUpperCase()}+c`, { id }],
  ])("is %s", (local, mailbox) => {
    expect(Mailbox.ofAddress(`${local}@ping.example.org`, "ping.example.org")).toEqual([mailbox])
  })

  it.each([
    [`healthchecks+${id}`, [{ pingKey: "healthchecks", slug: id }, { id }]],
    [`${id}+daily`, [{ pingKey: id, slug: "daily" }, { id }]],
  ])("is by key and slug first where it could be by id, too: %s", (local, mailboxes) => {
    expect(Mailbox.ofAddress(`${local}@ping.example.org`, "ping.example.org")).toEqual(mailboxes)
  })

  it.each([
    "",
    id.slice(1),
    `${id} `,
    `<${id}>`,
    "key+",
    "+slug",
    "key+",
    "postmaster+x y",
    "key.dot+slug",
    `key+${"x".repeat(101)}`,
    `${"k".repeat(65)}+slug`,
    `a@${id}`,
  ])("is not %j", (local) => {
    expect(Mailbox.ofAddress(`${local}@ping.example.org`, "ping.example.org")).toBe("no mailbox")
  })

  it.each(["PING.example.ORG", "ping.example.org."])(
    "belongs to its domain as names of hosts are compared: %s",
    (given) => {
      expect(Mailbox.ofAddress(`${id}@${given}`, "ping.example.org")).toEqual([{ id }])
    },
  )

  it("belongs to an international domain however that is written", () => {
    expect(Mailbox.ofAddress(`${id}@bücher.example`, "xn--bcher-kva.example")).toEqual([{ id }])
    expect(Mailbox.ofAddress(`${id}@xn--bcher-kva.example`, "bücher.example")).toEqual([{ id }])
  })

  it.each([
    `${id}@example.org`,
    `${id}@sub.ping.example.org`,
    `${id}@`,
    id,
    "",
    `${id}@ping.example.org@evil.example`,
  ])("belongs elsewhere: %s", (address) => {
    expect(Mailbox.ofAddress(address, "ping.example.org")).toBe("elsewhere")
  })

  it.each(["postmaster", "Postmaster@ping.example.org", "postmaster@PING.example.org."])(
    "is not %s, whom every server has",
    (address) => {
      expect(Mailbox.ofAddress(address, "ping.example.org")).toBe("postmaster")
    },
  )

  it("is named in logs without giving it away", () => {
    expect(Mailbox.hint({ id })).toBe("f3b7c1de…")
    expect(Mailbox.hint({ pingKey: "pingkey0123456789abcde", slug: "db" })).toBe("…+db")
  })
})
