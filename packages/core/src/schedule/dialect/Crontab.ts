/** Lines as they stand in a crontab: with a command, a time zone, a comment, a setting; and several of them. */
import * as Result from "effect/Result"
import * as Zone from "../../Zone.ts"
import * as Nickname from "../Nickname.ts"
import { cron, quote, type Finding, type Pasted } from "./Finding.ts"
import * as FieldCount from "./FieldCount.ts"

/** Recognises one line of a crontab; returns `undefined` for what is none. */
export const recognise = (pasted: Pasted): Finding | undefined => {
  const { text, words } = pasted
  if (text.startsWith("#")) {
    return cron(pasted, "this is a comment of a crontab", undefined, "give the five fields of its job")
  }
  return zoned(pasted) ?? setting(pasted) ?? nicknamed(pasted) ?? (words.length > 5 ? job(pasted) : undefined)
}

/** `CRON_TZ=Europe/Berlin 0 4 * * *`. */
const zoned = (pasted: Pasted): Finding | undefined => {
  const found = /^(?:CRON_)?TZ=["']?([^\s"';]+)["']?[\s;]*([^]*)$/i.exec(pasted.text)
  if (found === null) return undefined
  const [, name, line] = found as unknown as [string, string, string] // safe because the pattern has two groups
  const what = "the time zone is a setting of its own, and no part of the expression"
  if (line === "") return cron(pasted, what, undefined, "give the five fields of the job")
  return inZone(pasted, what, line, name)
}

const inZone = (pasted: Pasted, what: string, line: string, name: string): Finding => {
  const zone = Zone.read(name)
  if (Result.isFailure(zone)) {
    return cron(
      pasted,
      `${what}, and ${quote(name)} is no zone name: write ${zone.failure.expected}`,
      undefined,
    )
  }
  const plain = alone(line)
  const finding = cron(pasted, what, plain, `give the five fields alone, and the zone ${zone.success.name}`)
  return finding.rewritten === undefined ? finding : { ...finding, zone: zone.success.name }
}

/** `MAILTO=root`. */
const setting = (pasted: Pasted): Finding | undefined =>
  /^[A-Z_]+\s*=/i.test(pasted.text)
    ? cron(pasted, "this is a setting of a crontab", undefined, "give the five fields of a job")
    : undefined

/** `@daily /usr/bin/backup`, and in a reading without nicknames `@daily` alone. */
const nicknamed = (pasted: Pasted): Finding | undefined => {
  const { text, words } = pasted
  const line = Nickname.lineOf(words[0] ?? "")
  if (line !== undefined) {
    const what =
      words.length === 1
        ? `${text} is a nickname of cron, which is not accepted here`
        : "a schedule has no command behind it"
    return cron(pasted, what, line)
  }
  return undefined
}

/** Five fields, and behind them a zone, a comment or a command. */
const job = (pasted: Pasted): Finding | undefined => {
  const { words } = pasted
  if (!words.slice(0, 5).every(FieldCount.isField)) return undefined
  const line = words.slice(0, 5).join(" ")
  const [first, ...others] = words.slice(5) as [string, ...string[]] // safe because there are six words or more
  if (first.startsWith("#")) return cron(pasted, "a schedule has no comment", line, "leave it out")
  if (others.length === 0 && isZoneLike(first)) {
    return inZone(
      pasted,
      "the time zone is a setting of its own, and no part of a cron expression",
      line,
      first,
    )
  }
  if (FieldCount.isField(first)) return undefined
  const command = `the command (${short([first, ...others].join(" "))}) is no part of the schedule`
  return cron(pasted, command, line, "give the five fields alone")
}

/** Whether a word is a zone, or was meant as one: PST, utc, +02:00, europe/riga. */
const isZoneLike = (word: string): boolean =>
  Zone.find(Zone.canonical(word)) !== undefined ||
  /^(?:[A-Z]{2,5}|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d\d)?|utc|gmt|Z)$/.test(word) ||
  /^(?:africa|america|asia|atlantic|australia|europe|etc|indian|pacific|us)\/[\w/-]+$/i.test(word)

const short = (command: string): string => (command.length > 40 ? `${command.slice(0, 40)}…` : command)

/** Returns the five fields of a line that may have a command; `undefined` when it has more fields. */
const alone = (line: string): string | undefined => {
  const words = line.trim().split(/\s+/)
  // A sixth field may be a weekday: then the first is one of seconds.
  if (words[5] !== undefined && FieldCount.isField(words[5])) return undefined
  return Nickname.lineOf(words[0]!) ?? words.slice(0, 5).join(" ")
}

/** A line of a text of several. */
interface Line {
  readonly text: string
  readonly offset: number
}

/**
 * Recognises several lines of cron; returns `undefined` when they are none. `one` says what is wrong with a line, or
 * returns `undefined`.
 */
export const recogniseLines = (
  reads: Pasted["reads"],
  lines: readonly Line[],
  one: (line: Line) => Finding | undefined,
): Finding | undefined => {
  const isJob = ({ text }: Line): boolean => !/^#|^[A-Z_]+\s*=/i.test(text)
  const jobs = lines.filter(isJob)
  const isLine = ({ text }: Line): boolean => {
    const words = text.split(/\s+/)
    return (
      Nickname.lineOf(words[0]!) !== undefined ||
      (words.length >= 5 && words.slice(0, 5).every(FieldCount.isField))
    )
  }
  if (jobs.length === 0) {
    const what = "these are comments and settings of a crontab, without a job"
    return cron({ reads }, what, undefined, "give the five fields of a job")
  }
  if (!jobs.every(isLine)) return undefined
  if (jobs.length === 1) return only(reads, jobs[0]!, lines, one)
  if (!reads(severalLines)) {
    const remedy = "give each a check of its own, or write them as lines of OnCalendar, which has several"
    return cron({ reads }, `these are ${jobs.length} cron lines, and one is accepted here`, undefined, remedy)
  }
  const wrong = jobs.find(({ text }) => !reads(text))
  if (wrong === undefined) {
    const what = "comments and settings of a crontab are no part of a schedule"
    return cron({ reads }, what, undefined, "leave them out")
  }
  const found = one(wrong)
  if (found === undefined) return undefined
  const { what, remedy, rewritten, piece = wrong } = found
  const write = rewritten === undefined ? remedy : `write ${quote(rewritten)} there`
  return { what: `in line ${lines.indexOf(wrong) + 1}, ${what}`, remedy: write, piece, isCron: true }
}

/** Only a reading that takes several cron lines takes these. */
const severalLines = "0 12 * * *\n30 17 * * *"

/** One job among comments and settings, which may name its zone. */
const only = (
  reads: Pasted["reads"],
  job: Line,
  lines: readonly Line[],
  one: (line: Line) => Finding | undefined,
): Finding => {
  const what = "comments and settings of a crontab are no part of a schedule"
  const setting = lines
    .map(({ text }) => /^(?:CRON_)?TZ\s*=\s*["']?([^\s"']+)/i.exec(text)?.[1])
    .find(Boolean)
  if (setting !== undefined) return inZone({ reads, text: job.text, words: [] }, what, job.text, setting)
  if (reads(job.text)) return cron({ reads }, what, job.text)
  const found = one(job)
  if (found === undefined) return { what, remedy: "give the five fields alone", piece: job, isCron: true }
  return { ...found, what: `${what}; ${found.what}` }
}
