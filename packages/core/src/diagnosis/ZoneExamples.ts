/** Example zones: for every offset from UTC that is in use at some time, places whose clocks have it then. */
import * as Result from "effect/Result"
import { minute, second, type Instant } from "../Time.ts"
import * as Zone from "../Zone.ts"

/**
 * Names of zones, those of most machines first: of two offsets a day apart, which a daily job cannot tell apart, the one
 * of the first is the likelier. Together they have every offset that any zone has from 2020 to 2030, and that of ships
 * at the date line.
 */
const names: readonly string[] = `
  UTC America/New_York Europe/London Europe/Berlin Europe/Helsinki America/Chicago America/Denver
  America/Los_Angeles America/Sao_Paulo America/Phoenix America/Bogota America/Puerto_Rico America/Mexico_City
  America/Halifax America/Anchorage Pacific/Honolulu Europe/Moscow Europe/Istanbul Africa/Lagos
  Africa/Johannesburg Asia/Dubai Asia/Karachi Asia/Kolkata Asia/Dhaka Asia/Bangkok Asia/Singapore Asia/Tokyo
  Australia/Sydney Australia/Brisbane Australia/Adelaide Australia/Darwin Pacific/Auckland Pacific/Fiji
  Asia/Kamchatka America/St_Johns Asia/Tehran Asia/Kabul Asia/Kathmandu Asia/Yangon Australia/Eucla
  Australia/Lord_Howe Pacific/Guadalcanal Pacific/Chatham Pacific/Tongatapu Pacific/Kiritimati Pacific/Marquesas
  Pacific/Gambier Pacific/Pitcairn Pacific/Pago_Pago America/Noronha Atlantic/Cape_Verde Etc/GMT+12
`
  .trim()
  .split(/\s+/)

/** Read when first needed, because each zone costs a format of `Intl`. */
let zones: readonly Zone.Zone[] | undefined

const all = (): readonly Zone.Zone[] =>
  // A runtime whose data lacks a name has one example fewer.
  (zones ??= names
    .map(Zone.make)
    .filter(Result.isSuccess)
    .map(({ success }) => success))

/** Returns the offsets from UTC that are in use at an instant, in milliseconds ahead of UTC, each once. */
export const offsetsAt = (at: Instant): readonly number[] => [
  ...new Set(all().map((zone) => offsetAt(zone, at))),
]

/** Returns the names of zones that have an offset in milliseconds at an instant, at most `count`. */
export const of = (offset: number, at: Instant, count: number): readonly string[] =>
  all()
    .filter((zone) => offsetAt(zone, at) === offset)
    .slice(0, count)
    .map(({ name }) => name)

/** Returns how far the clock of a zone is ahead of UTC, in milliseconds. */
export const offsetAt = (zone: Zone.Zone, at: Instant): number =>
  Zone.offsetAt(zone, Math.floor(at / second)) * second

/** Returns the milliseconds of an offset that `Wording.offset` wrote. */
export const parse = (text: string): number => {
  const size = (Number(text.slice(1, 3)) * 60 + Number(text.slice(4))) * minute
  return text.startsWith("-") ? -size : size
}
