/** What to write for a name that is no time zone: an abbreviation, an offset, a city, a slip of the pen. */
import * as Bits from "./Bits.ts"
import * as ZoneNames from "./ZoneNames.ts"

/** Names that are longer were not meant as one, and would only make the search slow. */
const longest = 60

/** Returns what to write in place of a name, to follow "an IANA time zone name". */
export const of = (name: string): string => {
  const text = name.trim()
  if (text.length > longest) return otherwise
  return (
    universal(text) ??
    spelled(text) ??
    abbreviated(text) ??
    shifted(text) ??
    placed(text) ??
    near(text) ??
    otherwise
  )
}

const otherwise = ", such as Europe/Riga or UTC"

const universal = (text: string): string | undefined =>
  /^(?:z|utc|gmt|zulu|(?:utc|gmt)?\s*[+-]0{1,2}(?::?00)?)$/i.test(text) ? ": UTC" : undefined

/** Another case, or spaces in place of underscores. */
const spelled = (text: string): string | undefined => {
  const found = byLower(text)
  return found === undefined ? undefined : `: ${found}, in this spelling`
}

const byLower = (text: string): string | undefined => {
  const lower = lowered(text)
  return known().find(([, name]) => name === lower)?.[0]
}

/** Every name, the same in lower case, and the letters of that. Made when first needed. */
let names: readonly (readonly [name: string, lower: string, letters: number])[] | undefined

const known = () =>
  (names ??= [...ZoneNames.all].map((name) => {
    const lower = name.toLowerCase()
    return [name, lower, lettersOf(lower)] as const
  }))

/** Returns which characters a text has, as 32 bits: a few share one. */
const lettersOf = (text: string): number => {
  let letters = 0
  for (let i = 0; i < text.length; i++) letters |= 1 << (text.charCodeAt(i) & 31)
  return letters
}

const lowered = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/\s*\/\s*/g, "/")
    .replaceAll(/\s+/g, "_")

/** Cities whose clocks show what the abbreviations stand for; the first is the likeliest. */
const abbreviations: ReadonlyMap<string, string> = new Map([
  ["PST", "America/Los_Angeles"],
  ["PDT", "America/Los_Angeles"],
  ["PT", "America/Los_Angeles"],
  ["MDT", "America/Denver"],
  ["MT", "America/Denver"],
  ["CST", "America/Chicago (or Asia/Shanghai)"],
  ["CDT", "America/Chicago"],
  ["CT", "America/Chicago"],
  ["EDT", "America/New_York"],
  ["ET", "America/New_York"],
  ["AST", "America/Halifax (or Asia/Riyadh)"],
  ["ADT", "America/Halifax"],
  ["NST", "America/St_Johns"],
  ["NDT", "America/St_Johns"],
  ["AKST", "America/Anchorage"],
  ["AKDT", "America/Anchorage"],
  ["BRT", "America/Sao_Paulo"],
  ["ART", "America/Argentina/Buenos_Aires"],
  ["BST", "Europe/London"],
  ["WEST", "Europe/Lisbon"],
  ["CEST", "Europe/Berlin"],
  ["EEST", "Europe/Riga"],
  ["MSK", "Europe/Moscow"],
  ["TRT", "Europe/Istanbul"],
  ["SAST", "Africa/Johannesburg"],
  ["EAT", "Africa/Nairobi"],
  ["WAT", "Africa/Lagos"],
  ["CAT", "Africa/Maputo"],
  ["IST", "Asia/Kolkata (or Europe/Dublin, Asia/Jerusalem)"],
  ["PKT", "Asia/Karachi"],
  ["GST", "Asia/Dubai"],
  ["ICT", "Asia/Bangkok"],
  ["WIB", "Asia/Jakarta"],
  ["SGT", "Asia/Singapore"],
  ["HKT", "Asia/Hong_Kong"],
  ["PHT", "Asia/Manila"],
  ["JST", "Asia/Tokyo"],
  ["KST", "Asia/Seoul"],
  ["AWST", "Australia/Perth"],
  ["ACST", "Australia/Adelaide"],
  ["ACDT", "Australia/Adelaide"],
  ["AEST", "Australia/Sydney"],
  ["AEDT", "Australia/Sydney"],
  ["NZST", "Pacific/Auckland"],
  ["NZDT", "Pacific/Auckland"],
  ["PACIFIC", "America/Los_Angeles"],
  ["MOUNTAIN", "America/Denver"],
  ["CENTRAL", "America/Chicago"],
  ["EASTERN", "America/New_York"],
])

const abbreviated = (text: string): string | undefined => {
  // "Pacific Standard Time", as Windows calls it.
  const key = text.toUpperCase().replace(/(?:_|\s)+(?:STANDARD|DAYLIGHT|SUMMER)?(?:_|\s)*TIME$/, "")
  const city = abbreviations.get(key)
  return city === undefined ? undefined : `: ${city} for ${text}`
}

/** A city for each offset, in minutes ahead of UTC, of those that are not whole hours, and some that are. */
const cities: ReadonlyMap<number, string> = new Map([
  [-570, "Pacific/Marquesas"],
  [-480, "America/Los_Angeles"],
  [-420, "America/Denver"],
  [-360, "America/Chicago"],
  [-300, "America/New_York"],
  [-240, "America/Halifax"],
  [-210, "America/St_Johns"],
  [-180, "America/Sao_Paulo"],
  [60, "Europe/Berlin"],
  [120, "Europe/Riga"],
  [180, "Europe/Moscow"],
  [210, "Asia/Tehran"],
  [240, "Asia/Dubai"],
  [270, "Asia/Kabul"],
  [300, "Asia/Karachi"],
  [330, "Asia/Kolkata"],
  [345, "Asia/Kathmandu"],
  [360, "Asia/Dhaka"],
  [390, "Asia/Yangon"],
  [420, "Asia/Bangkok"],
  [480, "Asia/Singapore"],
  [525, "Australia/Eucla"],
  [540, "Asia/Tokyo"],
  [570, "Australia/Darwin"],
  [600, "Australia/Sydney"],
  [630, "Australia/Lord_Howe"],
  [720, "Pacific/Auckland"],
  [765, "Pacific/Chatham"],
])

/** GMT+2, UTC+03:00, -0500. The names of Etc count the other way round: Etc/GMT-2 is ahead of UTC (POSIX TZ). */
const shifted = (text: string): string | undefined => {
  const found = /^(?:UTC|GMT|Z)?\s*([+-])\s*(\d{1,2})(?::?([0-5]\d))?$/i.exec(text)
  if (found === null) return undefined
  const [, sign, digits, rest = "0"] = found
  const hours = Number(digits)
  const ahead = (hours * 60 + Number(rest)) * (sign === "-" ? -1 : 1)
  const city = cities.get(ahead)
  const fixed = `Etc/GMT${sign === "-" ? "+" : "-"}${hours}`
  if (Number(rest) !== 0 || !ZoneNames.all.has(fixed)) {
    return city === undefined ? undefined : `: that of a city, such as ${city}`
  }
  const direction = sign === "-" ? "behind" : "ahead of"
  const always = `${fixed} is always ${hours} ${hours === 1 ? "hour" : "hours"} ${direction} UTC`
  return city === undefined
    ? `: ${always}`
    : `: ${always}; that of a city, such as ${city}, follows its clock changes`
}

/** A city or country without its area: Berlin, "new york". */
const placed = (text: string): string | undefined => {
  const lower = lowered(text)
  if (lower.includes("/")) return undefined
  const found = known()
    .filter(([, name]) => name === lower || name.endsWith(`/${lower}`))
    .map(([name]) => name)
  const current = found.find((name) => !ZoneNames.legacy.has(name)) ?? found[0]
  return current === undefined ? undefined : `: ${ZoneNames.legacy.get(current) ?? current}, with its area`
}

/** The most letters that a slip of the pen changes. */
const slips = 2

/** The name that differs in one or two letters, if only one does. */
const near = (text: string): string | undefined => {
  const lower = lowered(text)
  if (lower.length < 5) return undefined
  const letters = lettersOf(lower)
  let best: string | undefined
  let least = slips + 1
  for (const [name, plain, others] of known()) {
    if (Math.abs(name.length - lower.length) > slips) continue
    // A changed letter takes one away and brings another.
    if (Bits.count(letters ^ others) > 2 * slips) continue
    const distance = distanceOf(lower, plain)
    if (distance < least || (distance === least && ZoneNames.legacy.has(best ?? ""))) {
      best = distance <= slips ? name : best
      least = Math.min(least, distance)
    }
  }
  return best === undefined ? undefined : `: perhaps ${best}`
}

/**
 * Returns how many letters must be added, dropped or changed to make one text of the other (Levenshtein), or some
 * number above `slips` when those are more. Distances away from the diagonal are above it, and not computed.
 */
const distanceOf = (a: string, b: string): number => {
  const far = slips + 1
  let row = Array.from({ length: b.length + 1 }, (_, index) => Math.min(index, far))
  for (let i = 1; i <= a.length; i++) {
    const next = row.map(() => far)
    next[0] = Math.min(i, far)
    let least = next[0]
    for (let j = Math.max(1, i - slips); j <= Math.min(b.length, i + slips); j++) {
      const changed = row[j - 1]! + (a.charCodeAt(i - 1) === b.charCodeAt(j - 1) ? 0 : 1)
      const distance = Math.min(changed, row[j]! + 1, next[j - 1]! + 1)
      next[j] = distance
      least = Math.min(least, distance)
    }
    if (least >= far) return far
    row = next
  }
  return row[b.length]!
}
