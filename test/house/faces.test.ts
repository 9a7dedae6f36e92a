/**
 * Every face of a check has every field of the one table: those that are made of the table know a field that was just
 * added; those that cannot be, types of packages that import nothing and flags of commands that start at once, are held
 * to it here.
 */
import { readFileSync } from "node:fs"
import { targetFlags } from "@overdue/cli/Target"
import * as Declaration from "@overdue/cli/declaration/Declaration"
import * as ReplayFlags from "@overdue/cli/local/ReplayFlags"
import * as PolicyFlags from "@overdue/cli/PolicyFlags"
import * as WrittenFields from "@overdue/cli/WrittenFields"
import type { Alert } from "@overdue/core/Alert"
import * as Channel from "@overdue/core/Channel"
import * as Check from "@overdue/core/Check"
import * as CheckDocument from "@overdue/core/document/CheckDocument"
import { fields } from "@overdue/core/document/CheckFields"
import * as Field from "@overdue/core/document/Field"
import * as Schemas from "@overdue/core/document/Schemas"
import * as CheckJson from "@overdue/notifiers/CheckJson"
import { tableOf } from "@overdue/server/dialects/healthchecks/checks/Versions"
import * as Spec from "@overdue/server/dialects/healthchecks/checks/Spec"
import { components } from "@overdue/server/dialects/healthchecks/management/openapi/Components"
import { pingPaths } from "@overdue/server/dialects/healthchecks/management/openapi/PingPaths"
import * as Result from "effect/Result"
import { parseAst } from "rolldown/parseAst"
import { describe, expect, it } from "vitest"
import { parse } from "yaml"
import { HttpHost } from "../kit/HttpHost.ts"
import { keys } from "../kit/Keys.ts"

const root = new URL("../..", import.meta.url).pathname
const table: Field.Table = fields

/** A field that no check has: how urgent it is to look at it. */
const priority = Field.make<"low" | "high">({
  sentence: "How urgent it is when the check is down.",
  schema: Schemas.oneOf(["low", "high"]),
  form: { is: "choice", of: ["low", "high"] },
  isBeyond: true,
  mayBeAbsent: true,
  isAtBirth: true,
  code: "priority",
  example: "high",
  show: ({ check }) => (check.details.extension?.["priority"] === "high" ? "high" : "low"),
  set: (change, priority) => {
    change.details = { ...change.details, extension: { ...change.details.extension, priority } }
  },
})
const withPriority: Field.Table = { ...table, priority }

/** Names of the fields of a table that are as asked. */
const namesOf = (table: Field.Table, isAsked: (field: Field.Any) => boolean): readonly string[] =>
  Object.entries(table).flatMap(([name, field]) => (isAsked(field) ? [name] : []))

const isWritten = ({ set, isLegacy }: Field.Any): boolean => set !== undefined && isLegacy !== true
const isShown = ({ show, isLegacy }: Field.Any): boolean => show !== undefined && isLegacy !== true
const isAtBirth = (field: Field.Any): boolean => field.isAtBirth === true

interface Node {
  readonly type: string
  readonly declaration?: Node
  readonly id?: { readonly name: string }
  readonly body?: { readonly body: readonly { readonly key: { readonly name: string } }[] }
  readonly extends?: readonly { readonly expression: { readonly name: string } }[]
}

/** Returns the names of the members of an interface in a source file, with those of the interfaces that it extends. */
const membersOf = (file: string, name: string): readonly string[] => {
  const { body } = parseAst(readFileSync(root + file, "utf8"), { lang: "ts" })
  const found = (body as unknown as readonly Node[]) // safe because only what is looked for is read
    .map(({ declaration }) => declaration)
    .find((node) => node?.type === "TSInterfaceDeclaration" && node.id?.name === name)
  if (found === undefined) throw new Error(`${file} has no interface ${name}`)
  const own = found.body!.body.map(({ key }) => key.name)
  return [...own, ...(found.extends ?? []).flatMap(({ expression }) => membersOf(file, expression.name))]
}

/** Returns the inputs of the ping action between two others. */
const inputsAfter = (first: string, end: string): readonly string[] => {
  const action: { readonly inputs: object } = parse(readFileSync(`${root}actions/ping/action.yml`, "utf8"))
  const inputs = Object.keys(action.inputs)
  return inputs.slice(inputs.indexOf(first) + 1, inputs.indexOf(end))
}

/** What code says for the fields of a table, parts of something by what they are part of. */
const inCode = (table: Field.Table): readonly string[] =>
  [...new Set(Object.values(table).map(({ code }) => code?.replace(/\..*/, "")))].filter(
    (name) => name !== undefined,
  )

/** A face that cannot be made of the table: the names that it has, and those that it must have by a table. */
interface Held {
  readonly has: readonly string[]
  /** The added field, where it must be a part of something to be seen in this face. */
  readonly added?: Field.Any
  readonly must: (table: Field.Table) => readonly string[]
}

const held: Readonly<Record<string, Held>> = {
  "the typed client's CheckPolicy": {
    has: membersOf("packages/client/src/Check.ts", "CheckPolicy"),
    must: (table) => namesOf(table, isWritten),
  },
  "the typed client's Check": {
    has: membersOf("packages/client/src/Check.ts", "Check"),
    must: (table) => namesOf(tableOf(3, table), isShown),
  },
  "the typed client's Create": {
    has: membersOf("packages/client/src/index.ts", "Create"),
    must: (table) => namesOf(table, isAtBirth),
  },
  "CheckDeclaration, what a file of TypeScript declares": {
    has: membersOf("packages/cli/src/declaration/Declaration.ts", "CheckDeclaration"),
    must: (table) => namesOf(table, isWritten),
  },
  "PlanInput, a check in code": {
    has: membersOf("packages/engine/src/PlanInput.ts", "PlanInput"),
    // In code, a cron expression and one of OnCalendar are not told apart by guessing.
    must: (table) => [...inCode(table), "onCalendar", "schedule"],
  },
  "the filters of a check in code": {
    has: membersOf("packages/core/src/policy/Terms.ts", "Filters").map((name) => `filters.${name}`),
    must: (table) =>
      Object.values(table).flatMap(({ code = "" }) => (code.startsWith("filters.") ? [code] : [])),
    added: { ...priority, code: "filters.priority" },
  },
  "the flags of overdue ping and overdue run": {
    has: Object.keys(targetFlags).filter(
      (name) => !["check", "slug", "url", "ping-key", "create"].includes(name),
    ),
    must: (table) => namesOf(table, isAtBirth),
  },
  "the inputs of the ping action": {
    has: inputsAfter("create", "mode"),
    must: (table) => namesOf(table, isAtBirth),
  },
}

/** What a face lacks of a table, and what it has that the table does not know. */
const gaps = ({ has, must }: Held, table: Field.Table) => ({
  missing: must(table).filter((name) => !has.includes(name)),
  unknown: has.filter((name) => !must(table).includes(name)),
})

describe.each(Object.entries(held))("%s", (_name, face) => {
  it("has every field of the table, and no other", () => {
    expect(gaps(face, table)).toEqual({ missing: [], unknown: [] })
  })

  it("is found out when a field was just added to the table alone", () => {
    const { missing } = gaps(face, { ...table, priority: face.added ?? priority })
    expect(missing.map((name) => name.replace("filters.", ""))).toEqual(["priority"])
  })
})

describe("a field that is added to the table", () => {
  const planned = (table: Field.Table, values: CheckDocument.Values) =>
    Result.getOrThrow(CheckDocument.planner(table)(values, { channels: [] }))

  const checkOf = (plan: Check.Plan): Check.Check => {
    const check = Check.make({
      id: "7a3f2c1e-0b5d-4f6a-9c8b-1d2e3f4a5b6c",
      project: "",
      badgeKey: "",
      createdAt: 0,
      policy: plan.policy,
    })
    return { ...check, details: plan.details }
  }
  const urgent = checkOf(planned(withPriority, { priority: "high" }))
  const view = { check: urgent, now: 0, blind: [], root: undefined, api: "" }

  it("is read from requests, in every version of the management API, and refused when it is wrong", () => {
    const read = Spec.reader(withPriority)
    expect(read({ priority: "high" })).toEqual(Result.succeed({ priority: "high" }))
    expect(Result.isFailure(read({ priority: "medium" }))).toBe(true)
    for (const version of [1, 2, 3] as const) {
      const { priority } = CheckDocument.shower(tableOf(version, withPriority))(view, "read-write")
      expect([version, priority]).toEqual([version, "high"])
    }
  })

  it("is in the OpenAPI document, of answers and of requests", () => {
    const { Check, CheckInput } = components([], tableOf(3, withPriority)) as unknown as Readonly<
      Record<string, { readonly properties: Readonly<Record<string, unknown>> }>
    > // safe because both are schemas of objects
    const described = { type: "string", enum: ["low", "high"], description: priority.sentence }
    expect(Check!.properties["priority"]).toEqual(described)
    expect(CheckInput!.properties["priority"]).toEqual({ ...described, default: "low" })
  })

  it("is in the JSON that webhooks carry", () => {
    const alert = { check: urgent, status: "down", at: 0 } as Alert // what the document is made of
    expect(CheckJson.maker(withPriority)(alert, { root: undefined })["priority"]).toBe("high")
  })

  it("has a flag, is read from files, and is exported when it is not as usual", () => {
    const known = WrittenFields.of(withPriority)
    expect(PolicyFlags.of(known)["priority"]).toEqual({
      kind: "text",
      value: "WHICH",
      choices: ["low", "high"],
      help: "how urgent it is when the check is down",
    })
    expect(PolicyFlags.read({ priority: "high" }, known)).toEqual({ priority: "high" })
    expect(PolicyFlags.read({ set: ["priority=high"] }, known)).toEqual({ priority: "high" })
    const [check] = Declaration.read({ checks: [{ slug: "job", priority: "high" }] }, known).checks
    expect(check?.fields).toEqual({ slug: "job", priority: "high" })
    const answered = CheckDocument.shower(withPriority)(view, "read-write") as never // as a server answers
    expect(WrittenFields.told(answered, known)).toContainEqual(["priority", "high"])
    expect(() => Declaration.read({ checks: [{ slug: "job", priority: "high" }] })).toThrow("unknown field")
  })
})

describe("a field of the table", () => {
  const channel = Channel.make({
    id: "3b241101-e2bb-4255-8caf-4136c566a962",
    project: "",
    name: "ops",
    kind: "callback",
    value: {},
    createdAt: 0,
  })
  const written = CheckDocument.writable(table)

  it.each(written)(
    "%s has a sentence, a way to write it, an example, and a name in code unless it is old",
    (_name, field) => {
      expect(field.sentence).toMatch(/^[A-Z].*\.$/)
      expect(field.form).toBeDefined()
      expect(field.example).toBeDefined()
      if (field.isLegacy !== true && field.code === undefined) throw new Error("code is missing")
    },
  )

  it.each(written)("%s shows what was set", (name, field) => {
    const plan = CheckDocument.planner(table)
    const values = { [name]: field.example, ...(name === "tz" && { schedule: "15 5 * * *" }) }
    const { details, policy } = Result.getOrThrow(plan(values, { channels: [channel] }))
    const check = { ...Check.make({ id: "", project: "", badgeKey: "", createdAt: 0, policy }), details }
    const shown = field.show!({ check, now: 0, blind: [], root: undefined, api: "" })
    expect(shown).not.toEqual(CheckDocument.defaultOf(field, "healthchecks"))
    expect(shown).toEqual(name === "channels" ? channel.id : field.example)
  })

  it("belongs to the flags of overdue replay when they name it", () => {
    const ofAlert = ["failures", "out-of", "recoveries"]
    const names = Object.keys(ReplayFlags.flags).map((flag) => flag.replaceAll("-", "_"))
    expect(names.filter((name) => !(name in table) && !ofAlert.includes(name.replaceAll("_", "-")))).toEqual(
      [],
    )
  })

  it.each(written.filter(([, field]) => isAtBirth(field)))(
    "%s describes a check that a ping creates, as the OpenAPI document says",
    async (name, field) => {
      await using server = await HttpHost.open()
      const kind = { name: "ops", kind: "callback", value: {} }
      const { id } = (await server.ask("POST", "/api/v3/channels/", { body: kind })).json()
      const query = new URLSearchParams({
        create: "1",
        ...(name === "tz" && { schedule: "15 5 * * *" }),
        [name]: String(field.example),
      })
      expect((await server.ask("GET", `/ping/${keys.ping}/job?${query}`)).status).toBe(201)
      const { checks } = (await server.ask("GET", "/api/v3/checks/")).json()
      expect(checks[0][name]).toEqual(name === "channels" ? id : field.example)
      const { parameters } = pingPaths["/ping/{ping_key}/{slug}"]!["post"]!
      expect(parameters.map((parameter) => parameter.name)).toContain(name)
    },
  )
})
