/** The changes of a file as people read them before they are made. */
import type { Json } from "@overdue/core/document/Field"
import type { Remark } from "@overdue/core/Policy"
import * as Notes from "../Notes.ts"
import * as Select from "../Select.ts"
import { oneLine, plain, type Paint } from "../Style.ts"
import * as Written from "../Written.ts"
import { fields } from "../WrittenFields.ts"
import type { Change, Changeset } from "./Changeset.ts"
import type { WantedCheck } from "./Declaration.ts"

/** Returns the text for people: a block for each change, with old values in red and new ones in green. */
export const print = ({ changes, unchanged }: Changeset, paint: Paint): string => {
  const lines = changes.flatMap((change) => describe(change, paint))
  const counts = (["create", "update", "delete"] as const)
    .map((verb) => [verb, changes.filter(({ is }) => is.startsWith(verb)).length] as const)
    .filter(([, count]) => count > 0)
    .map(([verb, count]) => `${count} to ${verb}`)
  const heading = changes.length === 0 ? "Nothing to change" : "Changes"
  const summary = [...counts, `${unchanged} unchanged`].join(", ")
  return `${[...lines, paint("bold", `${heading}: ${summary}`)].join("\n")}\n`
}

const describe = (change: Change, paint: Paint): readonly string[] => {
  switch (change.is) {
    case "create channel":
      return [paint("green", `+ channel ${plain(change.channel.name)} (${plain(change.channel.kind)})`), ""]
    case "delete channel":
      return [paint("red", `- channel ${plain(change.channel.name)} (${plain(change.channel.kind)})`), ""]
    case "delete check":
      return [paint("red", `- check ${Select.title(change.check)}`), ""]
    case "create check": {
      const given = [...fields.keys()].flatMap((name) => {
        const value = change.check.fields[name]
        return value === undefined ? [] : [[name, value] as const]
      })
      const { birth } = change.check
      const kept = [
        ...(birth.uuid === undefined ? [] : [["id", birth.uuid] as const]),
        ...(birth.badge_key === undefined ? [] : [["badge_key", birth.badge_key] as const]),
      ]
      const width = Math.max(...[...given, ...kept].map(([name]) => name.length))
      return [
        paint("green", `+ check ${plain(nameOf(change.check))}`),
        ...kept.map(([name, value]) => paint("green", `    ${name.padEnd(width)}  ${value}`)),
        ...given.map(([name, value]) =>
          paint("green", `    ${name.padEnd(width)}  ${valueText(name, value)}`),
        ),
        ...notes(change.remarks),
        "",
      ]
    }
    case "update check": {
      const width = Math.max(...change.differences.map(({ field }) => field.length))
      return [
        paint("yellow", `~ check ${Select.title(change.check)}`),
        ...change.differences.map(
          ({ field, from, to }) =>
            `    ${field.padEnd(width)}  ${paint("red", valueText(field, from))} → ${paint("green", valueText(field, to))}`,
        ),
        ...notes(change.remarks),
        "",
      ]
    }
  }
}

const notes = (remarks: readonly Remark[]): readonly string[] =>
  Notes.lines(remarks).map((line) => `    ${line}`)

/** Returns what people call a check that a file declares; its id when they do not. */
const nameOf = ({ fields: { slug, name }, key }: WantedCheck): string => {
  if (typeof slug === "string" && slug !== "") return slug
  return typeof name === "string" && name !== "" ? name : key
}

const valueText = (name: string, value: Json): string => {
  if (value === null || value === "") return "none"
  const written = Written.write(fields.get(name)!.form, value)
  const text = typeof written === "string" ? written : JSON.stringify(written)
  return plain(name === "schedule" ? oneLine(text) : text)
}
