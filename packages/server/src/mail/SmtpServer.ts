/** Takes e-mail pings on a port of its own, bounded against whoever is on the other end. */
import type { AddressInfo } from "node:net"
import { Settings } from "@overdue/engine/Settings"
import * as Trouble from "@overdue/engine/Trouble"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from "smtp-server"
import type { Services } from "../dialects/Dialect.ts"
import { Site } from "../Site.ts"
import * as EmailPing from "./EmailPing.ts"
import * as Limits from "./Limits.ts"
import * as Mailbox from "./Mailbox.ts"

export interface Options {
  readonly host: string
  /** 0 picks a free one. */
  readonly port: number
  /** PEM. Without it there is no STARTTLS. */
  readonly certificate?: { readonly cert: string; readonly key: string } | undefined
  /** Open connections; further ones are told to try again later. */
  readonly connections?: number
  /** Bytes of a message. */
  readonly messageSize?: number
  /** Milliseconds that a client may be silent. */
  readonly silence?: number
  /** Milliseconds that a session may last. */
  readonly session?: number
}

export interface Listening {
  /** `smtp://HOST:PORT` with the port that was picked. */
  readonly url: string
  readonly port: number
  /** Stops accepting, answers the messages that have begun, and closes what is left after `patience` milliseconds. */
  readonly close: (patience?: number) => Promise<void>
}

/** Starts to listen. Rejects with Node's error when that cannot be, or when the certificate is none. */
export const listen = async (services: Context.Context<Services>, options: Options): Promise<Listening> => {
  const connections = options.connections ?? Limits.connections
  const sessions = new Sessions(options.session ?? Limits.session)
  const limit = EmailPing.bytesNeeded(Context.get(services, Settings).pingBodyLimit)
  /** Those on their way to the store, whether or not their senders still wait. */
  const messages = new Set<Promise<void>>()
  const server = new SMTPServer({
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
    maxClients: connections,
    socketTimeout: options.silence ?? Limits.silence,
    // Senders that print their address in their own way are still jobs that report.
    lenientAddressParsing: true,
    disableReverseLookup: true,
    logger: false,
    onConnect: ({ id }, done) => {
      sessions.begin(id, () => dismiss(server, (session) => session === id))
      done()
    },
    onRcptTo: ({ address }, _session, done) => done(refusal(services, address)),
    onData: (stream, session, done) => {
      sessions.busy.add(session.id)
      data(stream, session, limit, (received) => {
        const answered = answer(services, received).then((error) => {
          sessions.busy.delete(session.id)
          messages.delete(answered)
          done(error, "OK")
        })
        messages.add(answered)
      })
    },
    onClose: ({ id }) => sessions.end(id),
  })
  // Those above the cap are told so; far above it, nobody is.
  server.server.maxConnections = 2 * connections
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(options.port, options.host, () => {
      server.off("error", reject)
      resolve()
    })
  })
  // What goes wrong on one connection ends that connection, and is its client's to report.
  server.on("error", () => undefined)
  const { port } = server.server.address() as AddressInfo // safe because it listens on TCP
  const host = options.host.includes(":") ? `[${options.host}]` : options.host
  return {
    url: `smtp://${host}:${port}`,
    port,
    close: async (patience = 10_000) => {
      await new Promise<void>((resolve) => {
        server.options.closeTimeout = patience
        server.close(resolve)
        dismiss(server, (session) => !sessions.busy.has(session))
      })
      await Promise.all(messages)
    },
  }
}

/** A client that sends a byte now and then is never silent: its session ends all the same. */
class Sessions {
  /** Those in the middle of a message. */
  readonly busy = new Set<string>()
  readonly #timers = new Map<string, NodeJS.Timeout>()
  readonly #longest: number

  constructor(longest: number) {
    this.#longest = longest
  }

  begin(id: string, onTooLong: () => void): void {
    this.#timers.set(id, setTimeout(onTooLong, this.#longest).unref())
  }

  end(id: string): void {
    this.busy.delete(id)
    clearTimeout(this.#timers.get(id))
    this.#timers.delete(id)
  }
}

const dismiss = (server: SMTPServer, isMeant: (session: string) => boolean): void => {
  for (const connection of server.connections) {
    if (isMeant(connection.id)) connection.send(421, "4.3.2 Closing the connection")
  }
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

/** A message, or why there is none. */
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
  // The client went away before its message ended: it will try again.
  stream.on("error", () => done(reply(451, "4.4.2 Incomplete message")))
  stream.on("end", () => {
    if (stream.sizeExceeded) return done(reply(552, "5.3.4 Message too big"))
    const { mailFrom, rcptTo } = envelope
    done({
      remoteAddress,
      from: mailFrom === false ? "" : mailFrom.address,
      to: rcptTo.map(({ address }) => address),
      data: Buffer.concat(kept),
    })
  })
}

/** The error to reply with, if any. What cannot be stored now is not accepted: an accepted message is a ping on disk. */
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
