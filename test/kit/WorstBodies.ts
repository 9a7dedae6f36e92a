/** The bodies and headers that cost their readers the most for their length, among those that have been tried. */

/** A name, and what is sent. */
export type Named = readonly [name: string, text: string]

/** Bytes. */
export const KiB = 1024

/** As long as `size` bytes, from a beginning, something that is repeated, and an end. */
const filled = (size: number, [begin, unit, end]: readonly [string, string, string]): string =>
  begin + unit.repeat(Math.max(0, Math.floor((size - begin.length - end.length) / unit.length))) + end

const names = (size: number): string => {
  const parts: string[] = []
  for (let length = 2, n = 0; length < size - 20; n++) {
    parts.push(`"${n.toString(36)}":1.0`)
    length += parts.at(-1)!.length + 1
  }
  return `{${parts.join(",")}}`
}

const zones = ["Africa/Casablanca", "America/St_Johns", "Australia/Lord_Howe", "Europe/Berlin"]

/** Windows that stay open for a year, while clocks change and they open again and again. */
const yearLong = JSON.stringify({
  quiet: Array.from({ length: 16 }, (_, index) => ({
    schedule: `${index} 0 * * *`,
    tz: zones[index % zones.length],
    duration: 365 * 24 * 3600,
  })),
})

/** Bodies of JSON that cost the most for their length. */
export const jsons = (size: number): readonly Named[] => [
  ["numbers", filled(size, ["[1", ",1", "]"])],
  ["fractions", filled(size, ['{"a":[1.0', ",1.0", "]}"])],
  ["objects", filled(size, ['{"a":[{}', ",{}", "]}"])],
  ["names", names(size)],
  ["depth", "[".repeat(size / 2) + "]".repeat(size / 2)],
  ["escapes", filled(size, ['{"name":"', "\\u0000", '"}'])],
  ["a long text", filled(size, ['{"desc":"', "x", '"}'])],
  ["timeouts", filled(size, ["{", '"timeout":60.0,', '"timeout":60.0}'])],
  ["blanks", filled(size, ['{"timeout"', " ", ":60}"])],
  ["channels", filled(size, ['{"channels":"x', ",x", '"}'])],
  ["tags", filled(size, ['{"tags":"x', " x", '"}'])],
  ["unique", filled(size, ['{"unique":["name"', ',"name"', "]}"])],
  [
    "windows",
    filled(size, [
      '{"quiet":[{"cron":"0 0 * * *","duration":60}',
      ',{"cron":"* * * * *","duration":60}',
      "]}",
    ]),
  ],
  ["windows of a year", yearLong],
  ["a schedule", filled(size, ['{"schedule":"0', ",0", ' * * * *"}'])],
]

/** Headers of a message, of as many bytes as are searched. */
export const headers: readonly Named[] = [
  ["a folded header", filled(63 * KiB, ["To: a", "\r\n b", ""])],
  ["many headers", filled(63 * KiB, ["A: 1", "\r\nTo: b", ""])],
  ["many addresses", filled(63 * KiB, ["To: a@ping.example", ",a@ping.example", ""])],
  ["many domains", filled(63 * KiB, ["To: a@é.x", ",a@é.x", ""])],
]

/** Messages that take long to parse. */
export const messages: readonly Named[] = [
  ["a folded header", filled(63 * KiB, ["Subject: a", "\r\n b", ""])],
  ["elements", filled(900 * KiB, ["Subject: a\r\n\r\n<p>", "<b>", ""])],
]
