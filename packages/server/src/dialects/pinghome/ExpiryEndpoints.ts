/** The endpoints of certificates and domains, and of the reminders that they expire. */
import * as JsonSchema from "../../docs/JsonSchema.ts"
import type { Endpoint, Method, Operation } from "../../rest/Endpoint.ts"
import * as Answers from "./Answers.ts"
import * as Expiry from "./Expiry.ts"

const names: Readonly<Record<Expiry.What, string>> = { ssl: "Certificate", tld: "Domain" }

const reminding = (what: Expiry.What): Readonly<Record<"POST" | "PUT" | "DELETE", Operation>> => {
  const noun = names[what].toLowerCase()
  const id = (verb: string): string => `${verb}${names[what]}Reminder`
  return {
    POST: {
      id: id("create"),
      access: "write",
      doc: {
        summary: `Remind of the end of a ${noun}`,
        body: Expiry.Reminder,
        example: "days_before[]=7",
        answer: "The id of the uptime monitor.",
        shape: Answers.createdOf(),
        status: 201,
        refusals: { 409: "There are reminders already." },
      },
      run: Expiry.create(what),
    },
    PUT: {
      id: id("update"),
      access: "write",
      doc: {
        summary: `Change the reminders of the end of a ${noun}`,
        body: Expiry.Reminder,
        example: "days_before[]=1&days_before[]=7",
        answer: "The id of the uptime monitor.",
        shape: Answers.changedShape,
      },
      run: Expiry.update(what),
    },
    DELETE: {
      id: id("delete"),
      access: "write",
      doc: {
        summary: `Remind no more of the end of a ${noun}`,
        answer: "The id of the uptime monitor.",
        shape: Answers.changedShape,
      },
      run: Expiry.remove(what),
    },
  }
}

const expiring = (what: Expiry.What): readonly Endpoint[] => {
  const noun = names[what].toLowerCase()
  const read = (
    id: string,
    doc: Operation["doc"],
    run: Operation["run"],
  ): Partial<Record<Method, Operation>> => ({
    GET: { id, access: "read", doc, run },
  })
  return [
    {
      path: `/resource-query/v1/resource/{id}/${what}`,
      methods: read(
        `get${names[what]}`,
        {
          summary: `Get the ${noun} of an uptime monitor`,
          ...(what === "ssl" && { description: "404 until one was seen." }),
          answer: `The ${noun}, as it was seen last.`,
          shape: JsonSchema.ref(names[what]),
        },
        what === "ssl" ? Expiry.ssl : Expiry.tld,
      ),
    },
    {
      path: `/resource-query/v1/resource/{id}/${what}/reminder`,
      methods: read(
        `get${names[what]}Reminder`,
        {
          summary: `Get the reminders of the end of a ${noun}`,
          answer: "On which days before it ends.",
          shape: JsonSchema.of(Expiry.Reminder),
        },
        Expiry.get(what),
      ),
    },
    { path: `/resource-cmd/v1/resource/{id}/${what}/reminder`, methods: reminding(what) },
  ]
}

/** The endpoints. */
export const endpoints: readonly Endpoint[] = [...expiring("ssl"), ...expiring("tld")]
