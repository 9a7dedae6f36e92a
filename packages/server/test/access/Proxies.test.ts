import * as Proxies from "@overdue/server/access/Proxies"
import { describe, expect, it } from "vitest"

const trust = (list: string): Proxies.Trust => {
  const trust = Proxies.parse(list)
  if (typeof trust !== "function") throw new Error(`${trust.wrong} is wrong`)
  return trust
}

describe("a list of trusted proxies", () => {
  it("names addresses and networks", () => {
    const trusts = trust("127.0.0.1, 10.0.0.0/8,fd00::/8,2001:db8::1")
    for (const address of ["127.0.0.1", "10.255.0.1", "fdff::1", "2001:db8:0::1"]) {
      expect([address, trusts(address)]).toEqual([address, true])
    }
    for (const address of ["127.0.0.2", "11.0.0.1", "fe00::1", "2001:db8::2", "", "unix", "10.0.0.1:80"]) {
      expect([address, trusts(address)]).toEqual([address, false])
    }
  })

  it("may name nobody", () => {
    expect(trust("none")("127.0.0.1")).toBe(false)
  })

  it("may name everybody", () => {
    expect(trust("0.0.0.0/0")("192.0.2.1")).toBe(true)
    expect(trust("::/0")("2001:db8::1")).toBe(true)
  })

  it.each([
    ["", ""],
    ["10.0.0.0/8,", ""],
    ["localhost", "localhost"],
    ["10.0.0.1,10.0.0.0/33", "10.0.0.0/33"],
    ["10.0.0.0/x", "10.0.0.0/x"],
    ["10.0.0.0/", "10.0.0.0/"],
    ["10.0.0.0/8/8", "10.0.0.0/8/8"],
    ["::/129", "::/129"],
    ["300.0.0.1", "300.0.0.1"],
  ])("is refused with what is wrong in it: %j", (list, wrong) => {
    expect(Proxies.parse(list)).toEqual({ wrong })
  })
})
