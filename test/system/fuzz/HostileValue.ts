/** Values that have broken programs before. */
import type { SeededRandom } from "../../kit/SeededRandom.ts"

/** Text that is hard to read, to keep or to show. May hold line breaks. */
export const text = (random: SeededRandom): string =>
  random.pick<() => string>([
    () => random.pick(classics),
    () => random.pick(classics).repeat(random.pick([2, 50, 1_000])),
    () =>
      random.pick(["a", "é", "😀", "\u0301", "%", "\\", '"', " "]).repeat(random.pick([99, 100, 101, 5_000])),
    () => random.bytes(random.below(40)).toString("latin1"),
    () => String(number(random)),
    () => schedule(random),
  ])()

const classics = [
  "",
  " ",
  "\0",
  "a\0b",
  "\r\n",
  "\r\nSet-Cookie: evil=1\r\n\r\n",
  "\ufeff",
  "\ufffd",
  "\u202e\u2066",
  "\ud800",
  "\udfff\ud800",
  "İıſK",
  "../../../../etc/passwd",
  "%2e%2e%2f",
  "%",
  "%zz",
  "%ff%fe",
  "%00",
  "%C0%AF",
  "' OR 1=1; --",
  "<script>alert(1)</script>",
  "&lt;&#0;&#x110000;",
  "${jndi:ldap://x}",
  "{{7*7}}",
  "__proto__",
  "constructor",
  "toString",
  "NaN",
  "null",
  "undefined",
  "true",
  "-",
  "*",
  "**",
  ",",
  ";",
  "|",
  "a,b,,c",
  "hcw_",
  "Infinity",
  "2026-02-30T25:61:61Z",
  "=?utf-8?b?////?=",
  "=?x?q?=?=",
]

export const number = (random: SeededRandom): number =>
  random.pick([
    0,
    -0,
    -1,
    0.5,
    1,
    59,
    60,
    255,
    256,
    3_600,
    31_536_000,
    31_536_001,
    2 ** 31,
    -(2 ** 31),
    2 ** 32,
    2 ** 53,
    -(2 ** 53),
    1e21,
    1e308,
    5e-324,
    random.below(100_000),
  ])

/** Expressions that look like schedules, and some that are. */
export const schedule = (random: SeededRandom): string => {
  const field = (): string =>
    random.pick([
      "*",
      "?",
      "0",
      "L",
      "LW",
      "15W",
      "5#3",
      "mon-fri",
      "29-31",
      "*/7",
      "*/0",
      "1-5/2,7",
      "60",
      "99999999999",
      "-1",
      "feb",
      random.times(random.below(60), () => random.below(70)).join(),
    ])
  return random.pick<() => string>([
    () => random.times(random.between(4, 7), field).join(" "),
    () => `${field()}-${field()}-${field()} ${field()}:${field()}:${field()}`,
    () => `${random.pick(["Mon..Fri", "Sun", "Foo"])} *-*~${field()} ${field()}:${field()}`,
    () => random.pick(["@daily", "@reboot", "hourly", "30 2 30 2 *", "0 0 31 2,4,6,9,11 *", "*-02-30 00:00"]),
  ])()
}

/** A JSON document, most likely not what was asked for. */
export const json = (random: SeededRandom, depth = 0): unknown =>
  random.pick<() => unknown>([
    () => text(random),
    () => number(random),
    () => random.happens(0.5),
    () => null,
    () => (depth > 3 ? [] : random.times(random.below(4), () => json(random, depth + 1))),
    () =>
      depth > 3
        ? {}
        : Object.fromEntries(random.times(random.below(4), () => [text(random), json(random, depth + 1)])),
  ])()

/** What happens to bytes on a bad day, or in a bad hand. */
export const mutate = (random: SeededRandom, bytes: Buffer): Buffer => {
  let mutated = Buffer.from(bytes)
  for (let count = random.between(1, 4); count > 0; count--) {
    const at = random.below(mutated.length + 1)
    const until = Math.min(mutated.length, at + random.below(random.pick([2, 10, 200])))
    const inserted = random.pick<() => Buffer>([
      () => random.bytes(random.below(10)),
      () =>
        Buffer.from(random.pick(["\r\n", "\n", "\r", "\0", "\r\n\r\n", ":", " ", "\t", ".", "\r\n.\r\n"])),
      () => Buffer.from(random.pick(classics)),
      () => mutated.subarray(at, until),
      () => Buffer.concat([mutated.subarray(at, until), mutated.subarray(at, until)]),
    ])()
    mutated = Buffer.concat([mutated.subarray(0, at), inserted, mutated.subarray(random.pick([at, until]))])
  }
  return random.happens(0.1) ? mutated.subarray(0, random.below(mutated.length + 1)) : mutated
}

/** What is right nine times of ten. */
export const rather = (random: SeededRandom, right: () => string): string =>
  random.happens(0.9) ? right() : text(random)
