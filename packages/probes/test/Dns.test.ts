import { describe, expect, it } from "vitest"
import * as Peer from "./Peer.ts"

const { reason, condition } = Peer
const types: Readonly<Record<string, number>> = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  CAA: 257,
}

const u16 = (value: number) => Buffer.from([value >> 8, value & 0xff])
const u32 = (value: number) =>
  Buffer.from([value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff])
const text = (value: string) => Buffer.concat([Buffer.from([value.length]), Buffer.from(value)])
const name = (value: string) => Buffer.concat([...value.split(".").map(text), Buffer.from([0])])

/** Answers every question with these records, and a code (RFC 1035 §4.1). */
const answering =
  (records: readonly Uint8Array[], code = 0) =>
  (query: Buffer): Buffer => {
    const end = query.indexOf(0, 12) + 5
    const type = query.subarray(end - 4, end - 2)
    const all = records.map((data) =>
      Buffer.concat([Buffer.from([0xc0, 12]), type, u16(1), u32(60), u16(data.length), data]),
    )
    const head = Buffer.concat([query.subarray(0, 2), u16(0x8180 | code), u16(1), u16(all.length), u32(0)])
    return Buffer.concat([head, query.subarray(12, end), ...all])
  }

/** Returns the records as a condition sees them, all of them at once. */
const seen = async (type: string, records: readonly Uint8Array[], expected: string) => {
  await using server = await Peer.listenUdp((query) => {
    const end = query.indexOf(0, 12) + 5
    expect(query.readUInt16BE(end - 4)).toBe(types[type])
    return answering(records)(query)
  })
  const conditions = [{ ...condition("body equal x"), values: [expected] }]
  return await reason(`dns://target.test:${server.port}/example.test?type=${type}`, { conditions })
}

describe("records of a name", () => {
  it.each([
    ["A", [Buffer.from([192, 0, 2, 7]), Buffer.from([192, 0, 2, 1])], "192.0.2.1\n192.0.2.7"],
    ["AAAA", [Buffer.from("20010db8000000000000000000000001", "hex")], "2001:db8::1"],
    ["CNAME", [name("a.example")], "a.example"],
    ["NS", [name("ns.example")], "ns.example"],
    ["PTR", [name("p.example")], "p.example"],
    ["MX", [Buffer.concat([u16(10), name("mx.example")])], "10 mx.example"],
    ["TXT", [Buffer.concat([text("v=spf1 "), text("-all")])], "v=spf1 -all"],
    ["SRV", [Buffer.concat([u16(1), u16(2), u16(5060), name("s.example")])], "1 2 5060 s.example"],
    [
      "SOA",
      [Buffer.concat([name("ns.example"), name("h.example"), ...[1, 2, 3, 4, 5].map(u32)])],
      "ns.example h.example 1 2 3 4 5",
    ],
    [
      "CAA",
      [Buffer.concat([Buffer.from([0]), text("issue"), Buffer.from("ca.example")])],
      '0 issue "ca.example"',
    ],
  ])("of the type %s are shown as in a zone", async (type, records, expected) => {
    expect(await seen(type, records, expected)).toBeUndefined()
  })

  it.each([
    ["there are none", [], 0, "no records"],
    ["the name does not exist", [], 3, "dns: no such name"],
    ["the server has failed", [], 2, "dns: servfail"],
    ["the server refuses", [], 5, "dns: refused"],
  ])("fail when %s", async (_what, records, code, expected) => {
    await using server = await Peer.listenUdp(answering(records, code))
    expect(await reason(`dns://target.test:${server.port}/example.test`)).toBe(expected)
  })

  it("fail when the server is silent, refuses, or may not be asked", async () => {
    await using silent = await Peer.listenUdp(() => undefined)
    expect(await reason(`dns://target.test:${silent.port}/example.test`, {}, { timeout: 200 })).toBe(
      "timeout",
    )
    expect(await reason("dns://10.0.0.1/example.test")).toMatch(/^private address/)
    const unknown = () => Promise.reject(Object.assign(new Error("no"), { code: "ENOTFOUND" }))
    expect(await reason("dns://target.test/example.test", {}, { resolve: unknown })).toBe("dns: no such name")
  })
})
