/** Receives a message as the pings that it is: one for each recipient. Every door for mail ends here. */
import * as CoreLimits from "@overdue/core/Limits"
import * as Store from "@overdue/core/Store"
import type { RateLimited } from "@overdue/engine/CommandError"
import * as Receive from "@overdue/engine/commands/Receive"
import * as Projects from "@overdue/engine/queries/Projects"
import { Settings } from "@overdue/engine/Settings"
import * as Effect from "effect/Effect"
import * as Limits from "./Limits.ts"
import type { Mail } from "./Mail.ts"
import * as Mailbox from "./Mailbox.ts"
import * as MailReader from "./MailReader.ts"

export interface Message {
  /** Of whoever handed the message over. */
  readonly remoteAddress: string
  /** The sender on the envelope; empty for a bounce. */
  readonly from: string
  /** Addresses whose mailboxes are pings; the domain is not looked at again. */
  readonly to: readonly string[]
  /** The raw message, or as much of its beginning as `bytesNeeded` says. */
  readonly data: Uint8Array
}

/** What receiving a message asks for. */
export type Needs = Store.Store | Receive.Receive

/** What became of a message for one recipient. */
export type Outcome = "received" | "unknown check" | "ambiguous slug"

/** How many bytes from the start of a message are looked at, or kept. */
export const bytesNeeded = (pingBodyLimit: number): number => Math.max(pingBodyLimit, Limits.readSize)

const reader = MailReader.make()

/**
 * Succeeds once every ping is durable. That no check has an address is an outcome, as in Healthchecks: it tells nobody
 * which addresses exist. When the store fails, or a check has had its signals for this minute, some recipients may have
 * had their ping.
 */
export const receive = Effect.fn("EmailPing.receive")(function* (message: Message) {
  const { pingBodyLimit } = yield* Settings
  const recipients = yield* Effect.forEach(message.to, resolve, { concurrency: "unbounded" })
  // Only those who know an address can make somebody read.
  const mail: Mail = recipients.some(({ target }) => target !== undefined)
    ? yield* read(message.data)
    : { subject: "", text: "" }
  if (mail.isSource) yield* Effect.logWarning("an e-mail is searched undecoded: it could not be taken apart")
  const outcomes = yield* Effect.forEach(
    recipients,
    ({ target }) =>
      target === undefined
        ? Effect.succeed<Outcome>("unknown check")
        : submit({
            target,
            rid: undefined,
            signal: { via: "email", subject: mail.subject, text: () => mail.text },
            origin: {
              scheme: "email",
              remoteAddress: message.remoteAddress,
              method: "",
              userAgent: `Email from ${message.from}`.slice(0, CoreLimits.userAgentLength),
              body: message.data.length === 0 ? undefined : message.data.subarray(0, pingBodyLimit),
            },
          }),
    { concurrency: "unbounded" },
  )
  yield* Effect.forEach(recipients, ({ hint }, index) => log(hint, outcomes[index]!))
  return outcomes
})

/** Nobody else is told that an address opens nothing. */
const log = (recipient: string, outcome: Outcome): Effect.Effect<void> =>
  (outcome === "received" ? Effect.logDebug("e-mail") : Effect.logInfo("e-mail")).pipe(
    Effect.annotateLogs({ recipient, outcome }),
  )

/** What a recipient stands for; `undefined` when certainly no check does. */
const resolve = Effect.fnUntraced(function* (address: string) {
  const mailbox = Mailbox.parse(address.split("@", 1)[0]!)
  if (mailbox === undefined) return { hint: "nobody", target: undefined }
  return { hint: Mailbox.hint(mailbox), target: yield* targetOf(mailbox) }
})

const targetOf = Effect.fnUntraced(function* (mailbox: Mailbox.Mailbox) {
  if ("id" in mailbox) {
    const store = yield* Store.Store
    return (yield* store.check(mailbox.id)) === undefined ? undefined : { id: mailbox.id }
  }
  const project = yield* Projects.byPingKey(mailbox.pingKey)
  return project === undefined ? undefined : { project: project.id, slug: mailbox.slug }
})

const read = (data: Uint8Array) =>
  Effect.tryPromise({
    try: () => reader.read(data),
    catch: (cause) =>
      new Store.StoreError({ reason: "busy", detail: "too many e-mails are waiting to be read", cause }),
  })

const submit = (
  arrival: Receive.Arrival,
): Effect.Effect<Outcome, RateLimited | Store.StoreError, Receive.Receive> =>
  Effect.flatMap(Receive.Receive, ({ receive }) => receive(arrival)).pipe(
    Effect.as<Outcome>("received"),
    Effect.catchTags({
      CheckNotFound: () => Effect.succeed<Outcome>("unknown check"),
      CheckLimitReached: () => Effect.succeed<Outcome>("unknown check"),
      SlugAmbiguous: () => Effect.succeed<Outcome>("ambiguous slug"),
    }),
  )
