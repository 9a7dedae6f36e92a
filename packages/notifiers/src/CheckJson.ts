/** The JSON of a check for the placeholder `$JSON`: the document of the management API, without secrets of others. */
import type { Alert } from "@overdue/core/Alert"
import type { Check } from "@overdue/core/Check"
import * as CheckDocument from "@overdue/core/document/CheckDocument"
import { fields } from "@overdue/core/document/CheckFields"
import type { Json, Table } from "@overdue/core/document/Field"
import type { Links } from "./HttpKind.ts"

/**
 * Returns a function that makes the documents of the checks that alerts are about, by a table of fields.
 *
 * `status` is the alert's, even if the check has changed since, and `next_ping` follows from it: a late check is "up",
 * never "grace". Without a root, addresses are left out.
 */
export const maker = (table: Table) => {
  const show = (told: "up" | "down") =>
    CheckDocument.shower(
      Object.fromEntries(
        Object.entries(table)
          .filter(([, { isSecret }]) => isSecret === undefined)
          .map(([name, field]) => [name, name === "status" ? { ...field, show: () => told } : field]),
      ),
    )
  const shown = { up: show("up"), down: show("down") }
  return (alert: Alert, links: Links): CheckDocument.Document => {
    const check: Check = { ...alert.check, state: { ...alert.check.state, status: alert.status } }
    return shown[alert.status]({ check, now: alert.at, blind: [], root: links.root, api: "/api/v3" })
  }
}

/** Returns the document of the check that an alert is about, with the fields of `CheckFields`. */
export const make = maker(fields)

/** Returns JSON exactly as Python's `json.dumps` writes it: ASCII only, a space after each comma and colon. */
export const print = (value: Json): string => {
  if (Array.isArray(value)) return `[${value.map(print).join(", ")}]`
  if (typeof value !== "object" || value === null) {
    return JSON.stringify(value).replaceAll(/[^ -~]/g, (unit) => {
      return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`
    })
  }
  return `{${Object.entries(value)
    .map(([key, field]) => `${print(key)}: ${print(field)}`)
    .join(", ")}}`
}
