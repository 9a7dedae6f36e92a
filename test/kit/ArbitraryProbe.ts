/** Any probe that is accepted, as the management API has it. */
import type { Json } from "@overdue/core/document/Field"
import * as ProbeRefusal from "@overdue/core/probe/ProbeRefusal"
import fc from "fast-check"

/** A probe in a document. */
export type Written = { readonly url: string } & Readonly<Record<string, Json>>

const host = fc.constantFrom(
  "example.org",
  "a.example.org.",
  "93.184.216.34",
  "[2606:2800:220:1::1]",
  "bücher.example",
)
const port: fc.Arbitrary<string> = fc.constantFrom("", ":1", ":8443", ":65535")
const text = fc.string({ maxLength: 20 })

const seconds = (least: number, most: number) =>
  fc.oneof(
    fc.integer({ min: least, max: most }),
    fc.constantFrom(60, 90, 3600).filter((one) => one >= least && one <= most),
  )

/** What a target of some kind has. */
interface Shape {
  readonly url: fc.Arbitrary<string>
  readonly of: readonly string[]
  readonly isSent: boolean
  readonly expires: readonly string[]
}

const server = (schemes: readonly string[], ports = port) =>
  fc.tuple(fc.constantFrom(...schemes), host, ports).map((parts) => `${parts[0]}://${parts[1]}${parts[2]}`)

const shapes: readonly Shape[] = [
  {
    url: fc
      .tuple(server(["http", "https", "HTTPS"]), fc.constantFrom("", "/", "/a/b", "/?q=1&r=%20#x"))
      .map((parts) => parts.join("")),
    of: ["json", "body", "status", "header", "time", "certificate", "domain"],
    isSent: true,
    expires: ["certificate", "domain"],
  },
  {
    url: server(["tcp"], fc.constant(":5432")),
    of: ["body", "time", "domain"],
    isSent: true,
    expires: ["domain"],
  },
  { url: server(["udp"], fc.constant(":53")), of: ["body", "time"], isSent: true, expires: [] },
  { url: server(["ping"], fc.constant("")), of: ["time", "domain"], isSent: false, expires: ["domain"] },
  {
    url: server(["smtp", "smtps", "smtp+starttls", "pop3", "pop3s", "imap", "imaps", "imap+starttls"]),
    of: ["body", "time", "certificate", "domain"],
    isSent: false,
    expires: ["certificate", "domain"],
  },
  { url: server(["tls"]), of: ["time", "certificate"], isSent: false, expires: ["certificate"] },
  { url: server(["domain"], fc.constant("")), of: ["domain"], isSent: false, expires: ["domain"] },
  {
    url: fc.constantFrom(
      "dns:example.org?type=MX",
      "dns://192.0.2.53/example.org",
      "dns://example.org?type=TXT",
    ),
    of: ["body", "time"],
    isSent: false,
    expires: [],
  },
]

const number = fc.oneof(fc.integer().map(String), fc.constantFrom("0.5", " 90 ", "1e3"))
const statuses = fc.constantFrom("200", "2xx", "5XX", "200-299", " 301 - 308 ")

/** What can be compared so, and is known to be no nonsense. */
const valueOf = (of: string, operator: string): fc.Arbitrary<string> => {
  if (operator.endsWith("contains")) return fc.string({ minLength: 1, maxLength: 20 })
  const isEquality = operator.endsWith("equal")
  if (isEquality && of === "status") return statuses
  return isEquality && ["json", "body", "header"].includes(of) ? text : number
}

const conditionOf = (of: string): fc.Arbitrary<Json> =>
  fc.constantFrom(...ProbeRefusal.operators).chain((operator) =>
    fc.record({
      of: fc.constant(of),
      ...(of === "json" && { key: fc.constantFrom("a.b[0]", "X-Key", `["odd name"]`) }),
      ...(of === "header" && { key: fc.constantFrom("X-Key", "'odd' name") }),
      operator: fc.constant(operator),
      values: fc.array(valueOf(of, operator), { minLength: 1, maxLength: 3 }),
    }),
  )

const probeOf = ({ url, of, isSent, expires }: Shape): fc.Arbitrary<Written> =>
  fc.record(
    {
      url,
      every: seconds(10, 86_400),
      grace: seconds(0, 86_400),
      recovery: seconds(0, 86_400),
      regions: fc.uniqueArray(fc.constantFrom("eu-central-1", "us", "a.b:c/d"), { maxLength: 3 }),
      method: fc.constantFrom(...ProbeRefusal.methods),
      headers: fc.dictionary(
        fc.constantFrom("Authorization", "X-Key", "x-key-2", "constructor"),
        fc.constantFrom("", "Bearer secret", "é", "a\tb"),
      ),
      ...(isSent && { body: text }),
      follow_redirects: fc.boolean(),
      verify_certificate: fc.boolean(),
      conditions: fc.array(fc.constantFrom(...of).chain(conditionOf), { maxLength: 3 }),
      ...(expires.length > 0 && {
        remind: fc.dictionary(
          fc.constantFrom(...expires),
          fc.array(fc.integer({ min: 0, max: 365 }), { maxLength: 3 }),
        ),
      }),
    },
    { requiredKeys: ["url"] },
  ) as fc.Arbitrary<Written> // safe because every member is JSON, and the URL is required

/** Any probe. */
export const any: fc.Arbitrary<Written> = fc.oneof(...shapes.map(probeOf))
