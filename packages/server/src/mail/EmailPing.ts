/** Receives an e-mail message as pings, one for each recipient, whether it came by SMTP or by HTTP. */
import * as Check from "@overdue/core/Check"
import * as CoreLimits from "@overdue/core/Limits"
import * as Signal from "@overdue/core/Signal"
import * as Store from "@overdue/core/Store"
import type { Instant } from "@overdue/core/Time"
import type { RateLimited } from "@overdue/engine/CommandError"
import * as LogShare from "@overdue/engine/LogShare"
import * as Quoted from "@overdue/engine/Quoted"
import * as Receive from "@overdue/engine/commands/Receive"
import * as Projects from "@overdue/engine/queries/Projects"
import { Settings } from "@overdue/engine/Settings"
import * as Effect from "effect/Effect"
import * as Limits from "./Limits.ts"
import type * as Mail from "./Mail.ts"
import * as Mailbox from "./Mailbox.ts"
import * as MailReader from "./MailReader.ts"

/** A message with its envelope. */
export interface Message {
  /** Address of the client that sent the message. */
  readonly remoteAddress: string
  /** The network that the message is certain to come from; see `Protection.networkOf`. */
  readonly network: string
  /** The sender of the envelope; empty for a bounce. */
  readonly from: string
  /** The recipients. Only the local parts are read: the domain was checked before. */
  readonly to: readonly string[]
  /** The raw message, or its first `bytesNeeded` bytes. */
  readonly data: Uint8Array
}

/** The services that receiving a message requires. */
export type Needs = Store.Store | Receive.Receive

/** The result for one recipient. */
export type Outcome = "received" | "unknown check" | "ambiguous slug" | "too many signals"

/** Returns how many bytes at the start of a message are searched or stored. */
export const bytesNeeded = (pingBodyLimit: number): number => Math.max(pingBodyLimit, Limits.readSize)

const reader = MailReader.make()

/** A message of which nothing matters. */
const empty: Mail.Mail = { subject: "", text: "" }

/**
 * Returns the outcome for each recipient, once every ping is durable. An unknown address is an outcome and not an
 * error, as in Healthchecks, so that senders cannot find out which addresses exist. Fails when the store does, or with
 * `RateLimited` when nobody received a ping and a check has had too many signals in the last minute. When others
 * received theirs, that is an outcome: a sender who tries again would ping them twice.
 */
export const receive = Effect.fn("EmailPing.receive")(function* (message: Message) {
  const recipients = yield* Effect.forEach(message.to, resolve, { concurrency: "unbounded" })
  // Only a sender who knows an address can make the server parse a message, and only where it depends on what it says.
  const keywords = [...new Set(recipients.flatMap((recipient) => recipient.keywords))]
  if (keywords.length === 0) return yield* submitAll(message, recipients, empty)
  const { announce } = yield* Receive.Receive
  const { arrivedAt, over } = announce(recipients.flatMap(({ checks }) => checks))
  return yield* read(message, keywords).pipe(
    Effect.tap((mail) =>
      Effect.forEach(mail.isSource ? recipients.flatMap(({ judges }) => judges) : [], logUnparsed, {
        discard: true,
      }),
    ),
    Effect.flatMap((mail) => submitAll(message, recipients, mail, arrivedAt)),
    Effect.ensuring(Effect.sync(over)),
  )
})

/** Pings the checks of all recipients by a message that was read. */
const submitAll = Effect.fnUntraced(function* (
  message: Message,
  recipients: readonly Recipient[],
  mail: Mail.Mail,
  arrivedAt?: Instant,
) {
  const { pingBodyLimit } = yield* Settings
  const results = yield* Effect.forEach(
    recipients,
    ({ target }) =>
      target === undefined
        ? Effect.succeed<Outcome | RateLimited>("unknown check")
        : submit({
            target,
            rid: undefined,
            arrivedAt,
            sender: message.network,
            signal: {
              via: "email",
              subject: mail.subject,
              text: () => mail.text,
            },
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
  const limited = results.find((result) => typeof result !== "string")
  if (limited !== undefined && !results.includes("received")) return yield* limited
  const outcomes = results.map((result) => (typeof result === "string" ? result : "too many signals"))
  yield* Effect.forEach(recipients, ({ hint }, index) => log(hint, outcomes[index]!))
  return outcomes
})

/** Logs the outcome: senders are not told that an address is unknown. */
const log = (recipient: string, outcome: Outcome): Effect.Effect<void> => {
  if (outcome === "received") return Effect.annotateLogs(Effect.logDebug("e-mail"), { recipient, outcome })
  const line = Effect.annotateLogs(Effect.logInfo("e-mail"), { recipient, outcome })
  // Anybody can send mail to nobody, however much is to be said of mail to checks.
  const subject = outcome === "unknown check" ? "mail to nobody" : "mail"
  return write(subject, line, `${recipient} ${outcome}`)
}

/** Whoever sends a mail can send it again and again. */
const write = (subject: string, line: Effect.Effect<void>, text: string): Effect.Effect<void> =>
  Effect.flatMap(LogShare.LogShare, (share) => share.write(subject, line, text))

/** Logs that a check that judges a message could only judge it by its source. */
const logUnparsed = (check: Check.Check): Effect.Effect<void> => {
  const unparsed = `an e-mail to check ${Quoted.of(Check.hint(check))} could not be parsed: its keywords are searched in the source`
  return write("mail", Effect.logWarning(unparsed), unparsed)
}

/** What a recipient stands for. */
interface Recipient {
  /** For the log. */
  readonly hint: string
  /** `undefined`: nobody. */
  readonly target: Receive.Target | undefined
  /** Ids of its checks, and the keywords by which they judge a message. */
  readonly checks: readonly string[]
  readonly keywords: readonly string[]
  /** Those of its checks that have keywords. */
  readonly judges: readonly Check.Check[]
}

const resolve = Effect.fnUntraced(function* (
  address: string,
): Effect.fn.Return<Recipient, Store.StoreError, Store.Store> {
  const mailboxes = Mailbox.parse(address.slice(0, Math.max(address.lastIndexOf("@"), 0)))
  for (const mailbox of mailboxes) {
    const found = yield* targetOf(mailbox)
    if (found === undefined) continue
    const judges = found.checks.filter((check) => keywordsOf(check).length > 0)
    const keywords = judges.flatMap(keywordsOf)
    const checks = found.checks.map(({ id }) => id)
    return { hint: Mailbox.hint(mailbox), target: found.target, checks, keywords, judges }
  }
  const [first] = mailboxes
  const isPostmaster = /^postmaster(?:@|$)/i.test(address)
  const nobody = isPostmaster ? "postmaster" : "nobody"
  return {
    hint: first === undefined ? nobody : Mailbox.hint(first),
    target: undefined,
    checks: [],
    keywords: [],
    judges: [],
  }
})

const keywordsOf = ({ policy: { filters } }: Check.Check): readonly string[] =>
  filters.subject || filters.body ? Signal.keywords(filters) : []

const targetOf = Effect.fnUntraced(function* (mailbox: Mailbox.Mailbox) {
  const store = yield* Store.Store
  if ("id" in mailbox) {
    const check = yield* store.check(mailbox.id)
    return check === undefined ? undefined : { target: { id: mailbox.id }, checks: [check] }
  }
  const { pingKey, slug } = mailbox
  const project = (yield* Projects.byPingKey(pingKey)) ?? (yield* inAnyCase(pingKey))
  if (project === undefined) return undefined
  return { target: { project: project.id, slug }, checks: yield* store.checks(project.id, { slug }) }
})

/** Relays may change the case of an address, and old ping keys have capitals. */
const inAnyCase = Effect.fnUntraced(function* (pingKey: string) {
  const store = yield* Store.Store
  const same = (yield* store.projects).filter(
    (project) => project.pingKey?.toLowerCase() === pingKey.toLowerCase(),
  )
  return same.length === 1 ? same[0] : undefined
})

const read = ({ data, network }: Message, keywords: readonly string[]) =>
  Effect.tryPromise({
    try: () => reader.read({ raw: data, keywords, network }),
    catch: (cause) =>
      new Store.StoreError({ reason: "busy", detail: "too many e-mails are waiting to be read", cause }),
  })

const submit = (
  arrival: Receive.Arrival,
): Effect.Effect<Outcome | RateLimited, Store.StoreError, Receive.Receive> =>
  Effect.flatMap(Receive.Receive, ({ receive }) => receive(arrival)).pipe(
    Effect.as<Outcome | RateLimited>("received"),
    Effect.catchTags({
      RateLimited: (error) => Effect.succeed(error),
      CheckNotFound: () => Effect.succeed<Outcome>("unknown check"),
      CheckLimitReached: () => Effect.succeed<Outcome>("unknown check"),
      SlugAmbiguous: () => Effect.succeed<Outcome>("ambiguous slug"),
    }),
  )
