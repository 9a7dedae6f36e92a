/** An SMTP server for e-mail pings, with limits on the time, memory and connections that clients can take. */
import * as CoreLimits from "@overdue/core/Limits"
import { createServer } from "node:net"
import { Settings } from "@overdue/engine/Settings"
import * as Trouble from "@overdue/engine/Trouble"
import { TurnedAway } from "@overdue/engine/TurnedAway"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { SMTPServer, SMTPServerDataStream, SMTPServerSession } from "smtp-server"
import type { Services } from "../dialects/Dialect.ts"
import { Site } from "../Site.ts"
import * as Proxies from "../access/Proxies.ts"
import * as Doors from "../http/Doors.ts"
import * as EmailPing from "./EmailPing.ts"
import * as Limits from "./Limits.ts"
import * as Leniency from "./Leniency.ts"
import * as Mailbox from "./Mailbox.ts"
import { SmtpDoor, type Connection } from "./SmtpDoor.ts"

/** Where to listen, and the limits that are not the usual ones of `Limits`. */
export interface Options extends Doors.Options {
  /** Certificate and key in PEM. Without them, STARTTLS is not offered. */
  readonly certificate?: { readonly cert: string; readonly key: string } | undefined
  /** The most open connections; with a further one, one of the network that has most gives way, or it is refused. */
  readonly connections?: number
  /** The most bytes of a message. */
  readonly messageSize?: number
  /** Milliseconds that a client may be silent. */
  readonly silence?: number
  /** Milliseconds that a session may last. */
  readonly session?: number
}

/** Why a session is ended. */
const tooLong = "their session of mail went on for too long"

/** A server that listens. */
export interface Listening {
  /** `smtp://HOST:PORT`, with the port that was picked. */
  readonly url: string
  readonly port: number
  /**
   * Stops accepting connections, and answers the messages that have begun. Connections that are still open after
   * `patience` milliseconds, by default 4,000, are closed.
   */
  readonly close: (patience?: number) => Promise<void>
}

/** Starts listening. Rejects with Node's error when that fails, or when the certificate is not valid. */
export const listen = async (services: Context.Context<Services>, options: Options): Promise<Listening> => {
  const connections = options.connections ?? Limits.connections
  const sessions = new Sessions(options.session ?? Limits.session)
  const limit = EmailPing.bytesNeeded(Context.get(services, Settings).pingBodyLimit)
  /** Messages that are being stored, whether or not their senders still wait. */
  const messages = new Set<Promise<void>>()
  const turnAway = Context.get(services, TurnedAway)
  const server = new SmtpDoor(connections, turnAway, {
    name: Context.get(services, Site).pingEmailDomain,
    disabledCommands: [
      "AUTH",
      "WIZ",
      "SHELL",
      "KILL",
      ...(options.certificate === undefined ? ["STARTTLS"] : []),
    ],
    ...options.certificate,
    size: options.messageSize ?? Limits.messageSize,
    rejectOversized: true,
    maxRecipients: Limits.recipients,
    socketTimeout: options.silence ?? Limits.silence,
    // Jobs often write addresses that are not quite valid.
    lenientAddressParsing: true,
    disableReverseLookup: true,
    logger: false,
    onConnect: ({ id }, done) => {
      sessions.begin(id, () => {
        turnAway(tooLong)
        dismiss(server, (session) => session === id)
      })
      done()
    },
    onRcptTo: ({ address }, _session, done) => done(refusal(services, address)),
    onData: (stream, session, done) => {
      sessions.busy.add(session.id)
      data(stream, session, limit, (received) => {
        const answered = answer(services, received).then((error) => {
          sessions.busy.delete(session.id)
          messages.delete(answered)
          if (error === null) server.received(session.id)
          done(error, "OK")
        })
        messages.add(answered)
      })
    },
    onClose: ({ id }) => {
      sessions.end(id)
      server.leave(id)
    },
  })
  // Errors of single connections end those connections; without a listener they would end the process.
  server.on("error", () => undefined)
  const make = () => createServer((socket) => server.server.emit("connection", socket))
  const doors = await Doors.open(make, options)
  const port = Doors.portOf(doors[0])
  const host = options.host.includes(":") ? `[${options.host}]` : options.host
  return {
    url: `smtp://${host}:${port}`,
    port,
    close: async (patience = CoreLimits.patience) => {
      const closed = Promise.all(doors.map(Doors.closed))
      // Its own socket never listened; it ends whoever is not greeted yet.
      server.close()
      dismiss(server, (session) => !sessions.busy.has(session))
      const impatience = Promise.withResolvers<void>()
      const timer = setTimeout(impatience.resolve, patience)
      await Promise.race([closed, impatience.promise])
      clearTimeout(timer)
      for (const connection of server.connections) part(connection)
      await Promise.all(messages)
    },
  }
}

/**
 * Sessions by id. A client that sends a byte now and then is never silent, so each session has a time limit as well.
 */
class Sessions {
  /** Sessions in the middle of a message. */
  readonly busy = new Set<string>()
  readonly #open = new Map<string, NodeJS.Timeout>()
  readonly #longest: number

  constructor(longest: number) {
    this.#longest = longest
  }

  begin(id: string, onTooLong: () => void): void {
    this.#open.set(id, setTimeout(onTooLong, this.#longest).unref())
  }

  end(id: string): void {
    this.busy.delete(id)
    clearTimeout(this.#open.get(id))
    this.#open.delete(id)
  }
}

const dismiss = (server: SMTPServer, isMeant: (session: string) => boolean): void => {
  for (const connection of server.connections) {
    if (isMeant(connection.id)) connection.send(421, "4.3.2 Closing the connection")
  }
}

const part = (connection: Connection): void => {
  connection.send(421, "4.3.2 Closing the connection")
  connection.close()
}

const reply = (responseCode: number, message: string): Error =>
  Object.assign(new Error(message), { responseCode })

const refusal = (services: Context.Context<Services>, address: string): Error | null => {
  switch (Mailbox.ofAddress(address, Context.get(services, Site).pingEmailDomain)) {
    case "elsewhere":
      return reply(550, "5.1.1 Recipient rejected")
    case "no mailbox":
      return reply(550, "5.1.1 Invalid mailbox")
    default:
      return null
  }
}

/** A message, or the reply that refuses it. */
type Received = EmailPing.Message | Error

/** Reads a message to its end and keeps the first `limit` bytes. */
const data = (
  stream: SMTPServerDataStream,
  { envelope, remoteAddress }: SMTPServerSession,
  limit: number,
  done: (received: Received) => void,
): void => {
  const kept: Uint8Array[] = []
  let size = 0
  stream.on("data", (chunk: Buffer) => {
    if (size < limit) kept.push(chunk.subarray(0, limit - size))
    size += chunk.length
  })
  // The client disconnected before the end of its message: it will try again.
  stream.on("error", () => done(reply(451, "4.4.2 Incomplete message")))
  stream.on("end", () => {
    if (stream.sizeExceeded) return done(reply(552, "5.3.4 Message too big"))
    const { mailFrom, rcptTo } = envelope
    done({
      remoteAddress,
      network: Proxies.network(remoteAddress),
      from: mailFrom === false ? "" : Leniency.sender(mailFrom.address),
      to: rcptTo.map(({ address }) => address),
      data: Buffer.concat(kept),
    })
  })
}

/**
 * Returns the reply that refuses a message, or null. An accepted message is a ping on disk: what cannot be stored is
 * refused.
 */
const answer = async (services: Context.Context<Services>, received: Received): Promise<Error | null> => {
  if (received instanceof Error) return received
  const answered = EmailPing.receive(received).pipe(
    Effect.as(null),
    Effect.catchTag("RateLimited", ({ message }) => Effect.succeed(reply(451, `4.7.1 ${message}`))),
    Effect.catchCause((cause) =>
      Effect.as(
        Trouble.report("an e-mail could not be received", cause),
        reply(451, "4.3.0 Try again later"),
      ),
    ),
  )
  return Effect.runPromiseWith(services)(answered)
}
