/**
 * `POST /inbound/email`: takes a raw message from another mail server or a mail provider.
 *
 * As over SMTP, the address of a check is its secret, and no other key is needed. The recipients are those of `?to=`,
 * which may be repeated; without it, those of the first header in `recipientHeaders` that names one. `?from=` is the
 * sender.
 */
import type * as Ping from "@overdue/core/Ping"
import { Settings } from "@overdue/engine/Settings"
import { TurnedAway } from "@overdue/engine/TurnedAway"
import * as Effect from "effect/Effect"
import type { Route } from "../dialects/Dialect.ts"
import { BodyTooLarge, text, type Inbound, type Outbound } from "../http/Http.ts"
import * as TryAgain from "../http/TryAgain.ts"
import * as Origin from "../access/Origin.ts"
import { Places } from "../access/Places.ts"
import { networkOf, Protection } from "../access/Protection.ts"
import { Site } from "../Site.ts"
import * as EmailPing from "./EmailPing.ts"
import * as Headers from "./Headers.ts"
import * as Limits from "./Limits.ts"
import * as Mailbox from "./Mailbox.ts"

/** Headers that name recipients, in the order of trust: relays write the first three, the sender the others. */
const recipientHeaders = ["delivered-to", "x-original-to", "envelope-to", "to", "cc"]
const senderHeaders = ["return-path", "from"]

const badRequest = (sentence: string) => text(400, `${sentence}\n`)
const tooLarge = text(413, `a message has at most ${Limits.messageSize} bytes\n`)
const unreadable = badRequest("the message could not be read to its end; send it again")
const busy = text(503, `${TryAgain.sentence("too many messages at once")}\n`, TryAgain.headers)

/** Why somebody is told so. */
const crowded = "as many e-mails were handed over at once as may be, or as one network may"

/** The places of messages that this process is receiving. */
const places = new Places(Limits.handedOver)

/** Who hands over a message. */
interface Sender {
  readonly origin: Ping.Origin
  readonly network: string
}

const receive = Effect.fnUntraced(
  function* (inbound: Inbound, { origin, network }: Sender) {
    const { pingBodyLimit } = yield* Settings
    const { pingEmailDomain } = yield* Site
    const raw = yield* body(inbound, EmailPing.bytesNeeded(pingBodyLimit))
    if (!(raw instanceof Uint8Array)) return raw
    if (raw.length === 0) return badRequest("the body must be a raw message")
    const query = new URLSearchParams(inbound.query)
    const { to, from } = envelope(query, raw, pingEmailDomain)
    if (to.length === 0) return badRequest(`no recipient is a ping address at ${pingEmailDomain}`)
    if (to.length > Limits.recipients)
      return badRequest(`a message has at most ${Limits.recipients} recipients`)
    yield* EmailPing.receive({ remoteAddress: origin.remoteAddress, network, from, to, data: raw })
    return text(200, "OK")
  },
  Effect.catchTag("RateLimited", ({ message, seconds }) =>
    Effect.succeed(text(429, `${message}\n`, { "retry-after": String(seconds) })),
  ),
)

/** Returns the first `limit` bytes of the message, or the answer when it is too large or cannot be read to its end. */
const body = (inbound: Inbound, limit: number): Effect.Effect<Uint8Array | Outbound> => {
  if (!inbound.hasBody) return Effect.succeed(new Uint8Array())
  if (Number(inbound.header("content-length") ?? 0) > Limits.messageSize) return Effect.succeed(tooLarge)
  return Effect.promise(() =>
    inbound.body(limit).then(
      ({ bytes }) => bytes,
      (error: unknown) => (error instanceof BodyTooLarge ? tooLarge : unreadable),
    ),
  )
}

const envelope = (
  query: URLSearchParams,
  raw: Uint8Array,
  domain: string,
): { readonly to: readonly string[]; readonly from: string } => {
  const isPing = (address: string): boolean => typeof Mailbox.ofAddress(address, domain) === "object"
  const values = Headers.read(raw)
  const inHeaders = recipientHeaders
    .map((name) => [...new Set(addresses(values.get(name) ?? "").filter(isPing))])
    .find((found) => found.length > 0)
  const sender = senderHeaders.flatMap((name) => addresses(values.get(name) ?? ""))[0]
  return {
    to: query.has("to") ? [...new Set(query.getAll("to").filter(isPing))] : (inHeaders ?? []),
    from: query.get("from") ?? sender ?? "",
  }
}

/** Returns what looks like an address in the first words of a header: as many as all recipients with their names have. */
const addresses = (value: string): readonly string[] =>
  value.split(/[\s<>,;:"()]+/, Limits.headerWords).filter((word) => /.@./.test(word))

/** The route. */
export const route: Route = {
  name: "inbound e-mail",
  path: "/inbound/email",
  handle: (inbound) => {
    if (inbound.method !== "POST") return Effect.succeed(text(405, "", { allow: "POST" }))
    return Effect.flatMap(Protection, ({ trusts }) => {
      const origin = Origin.of(inbound, undefined, trusts)
      const network = networkOf(inbound, origin, trusts)
      if (!places.take(network))
        return Effect.map(TurnedAway, (turnAway) => {
          turnAway(crowded)
          return busy
        })
      return Effect.ensuring(
        receive(inbound, { origin, network }),
        Effect.sync(() => places.leave(network)),
      )
    })
  },
}
