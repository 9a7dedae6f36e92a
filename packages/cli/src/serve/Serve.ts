/** A running server: started from its settings, and stopped by a signal. */
import { StoreError, type Store } from "@overdue/core/Store"
import * as Engine from "@overdue/engine/Engine"
import * as SteadyClock from "@overdue/engine/SteadyClock"
import { TurnedAway } from "@overdue/engine/TurnedAway"
import * as Notifiers from "@overdue/notifiers/Threaded"
import * as Heartbeat from "@overdue/probes/Heartbeat"
import * as LocalProber from "@overdue/probes/LocalProber"
import type { Serve } from "@overdue/server/http/Http"
import * as NodeServer from "@overdue/server/http/NodeServer"
import * as Access from "@overdue/server/access/Access"
import { Protection } from "@overdue/server/access/Protection"
import * as Server from "@overdue/server/Server"
import { Site } from "@overdue/server/Site"
import { second, type Span } from "@overdue/core/Time"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Ending from "../Ending.ts"
import { Failure } from "../Failure.ts"
import type { Io } from "../Io.ts"
import * as Session from "../local/Session.ts"
import type { Config } from "./Config.ts"
import * as Email from "./Email.ts"
import * as EveryAddress from "./EveryAddress.ts"
import * as Fingerprint from "./Fingerprint.ts"
import * as FirstStart from "./FirstStart.ts"
import * as Listening from "./Listening.ts"
import * as Log from "./Log.ts"
import * as Rehearsal from "./Rehearsal.ts"
import * as Secret from "./Secret.ts"
import * as VirtualHosts from "./VirtualHosts.ts"

/** How long a server may take to stop, of the ten seconds after which container runtimes kill it. */
const stopsWithin: Span = 9.5 * second

/** How long what is left over may take to end by itself once everything is closed, such as a request to a receiver. */
const parting: Span = second / 2

/** Runs a server until SIGTERM or SIGINT; resolves to the exit code. Fails with a `Failure` when it cannot start. */
export const run = async (config: Config, io: Io): Promise<number> => {
  const dialects = VirtualHosts.dialects(config.hostsOf)
  const stopped = Ending.signalled()
  const pem = await known(config)
  const linked = EveryAddress.isEvery(config.host) ? EveryAddress.reachable() : config.host
  const root = {
    current: config.siteRoot ?? (config.port === 0 ? "" : NodeServer.urlOf(linked, config.port)),
  }
  const { database } = config
  const opened: Fingerprint.Opened = { isProven: false }
  const keysAtHand = [config.apiKey, config.apiKeyReadOnly].filter((key) => key !== undefined)
  const admit = Fingerprint.admit(database, keysAtHand, opened)
  for (const note of config.telemetry.notes) io.stderr.write(`overdue serve: ${note}\n`)
  const watched = await watching(config)
  const store = await database.layer(admit)
  const runtime = ManagedRuntime.make(
    engine(config, store, () => root.current || undefined).pipe(Layer.provideMerge(watched)),
  )
  const open: { readonly close: () => Promise<void> }[] = []
  let isStopping = false
  let untold: FirstStart.MadeKeys = {}
  try {
    // First, so that a database that is refused is left alone, without a secret beside it.
    const engineServices = await runtime.context()
    const secret = Secret.of(database)
    const exposed = Secret.narrow(database)
    if (exposed !== undefined) io.stderr.write(`overdue serve: ${exposed}\n`)
    untold = await runtime.runPromise(FirstStart.run(config, secret))
    for (const sentence of await runtime.runPromise(FirstStart.warnings(config, secret)))
      io.stderr.write(`overdue serve: ${sentence}\n`)
    const services = engineServices.pipe(
      Context.add(Site, siteOf(config, root, secret)),
      Context.add(Protection, config.protection),
      Context.add(
        Access.Witness,
        opened.isProven
          ? undefined
          : Fingerprint.witness((key) => Session.use(database, Effect.void, { keys: [key] })),
      ),
    )
    const http = await web(config, io, {
      serve: Server.serve(services, { dialects }),
      onTurnedAway: Context.get(services, TurnedAway),
    })
    open.push(http)
    root.current ||= NodeServer.urlOf(linked, http.port)
    if (config.siteRoot === undefined && linked !== config.host)
      io.stderr.write(`overdue serve: ${EveryAddress.warning(root.current)}\n`)
    const smtp =
      config.smtp === undefined ? undefined : await Email.listen(services, { ...config.smtp, pem }, io)
    if (smtp !== undefined) open.push(smtp)
    io.stdout.write(`overdue is listening on ${http.url}\n`)
    if (smtp !== undefined) io.stdout.write(`pings by e-mail are taken on ${smtp.url}\n`)
    io.stdout.write(FirstStart.describe(untold))
    untold = {}
    await runtime.runPromise(Effect.logInfo(`started at ${http.url} on ${database.place}`))
    open.push(Rehearsal.start())
    const signal = await stopped
    isStopping = true
    leaveAfter(stopsWithin)
    await runtime.runPromise(Effect.logInfo(`stopping on ${signal}`))
    return 0
  } catch (error) {
    if (error instanceof StoreError) throw new Failure(error.detail)
    throw error
  } finally {
    // The next start is not the first.
    io.stdout.write(FirstStart.describe(untold))
    await Promise.all(open.map((port) => port.close()))
    await runtime.dispose()
    if (isStopping) leaveAfter(parting)
  }
}

/**
 * Returns the certificate for mail. Fails with all that can be known before the database is opened: that may take long, and
 * the keys of a first start are shown only once.
 */
const known = async (config: Config): Promise<Email.Certificate | undefined> => {
  const { smtp } = config
  const pem = Email.certificate(smtp?.certificate)
  await Listening.tried({ ...config, flags: Listening.flags.http })
  if (smtp !== undefined) await Listening.tried({ ...smtp, flags: Listening.flags.smtp })
  return pem
}

/** `root` is known only once the port is known. */
const siteOf = (config: Config, root: { readonly current: string }, secret: string): Site["Service"] => ({
  get root() {
    return root.current
  },
  get pingEmailDomain() {
    return config.pingEmailDomain ?? new URL(root.current).hostname
  },
  // Whoever names a domain for the addresses has its mail delivered here, be it over HTTP.
  takesEmail: config.smtp !== undefined || config.pingEmailDomain !== undefined,
  secret,
  ...config.installationKeys,
  ...asking(config),
})

/** What APIs must know of the prober. */
const asking = ({ probes, allowPrivateTargets }: Config): Pick<Site["Service"], "probeEvery" | "mayAsk"> => ({
  probeEvery: probes.every,
  ...(allowPrivateTargets && { mayAsk: () => true }),
})

/** Opens the port for HTTP. */
const web = (
  config: Config,
  io: Io,
  { serve, onTurnedAway }: { readonly serve: Serve; readonly onTurnedAway: TurnedAway },
): Promise<NodeServer.Listening> =>
  Listening.open({ ...config, flags: Listening.flags.http }, () =>
    NodeServer.listen(serve, { ...config, onTurnedAway, onMissed: Listening.misses(config.host, io) }),
  )

/**
 * Ends the process after a while, if it has not ended by itself. Whatever was acknowledged is on disk, and whatever is
 * still under way is nobody's any more.
 */
const leaveAfter = (span: Span): void => {
  setTimeout(() => process.exit(0), span).unref()
}

/** `siteRoot` returns `undefined` while the port is still to be chosen. */
const engine = (config: Config, store: Layer.Layer<Store, StoreError>, siteRoot: () => string | undefined) =>
  prober(config).pipe(Layer.provideMerge(engineAlone(config, store, siteRoot)))

/** The log, and what exports what is logged, measured and traced, which takes as long to load as all else when it is on. */
const watching = async ({ log, telemetry: { settings } }: Config): Promise<Layer.Layer<never>> => {
  if (settings === undefined) return Log.layer(log)
  const { layer } = await import("./telemetry/Otlp.ts")
  return layer(settings).pipe(Layer.provideMerge(Log.layer(log)))
}

/** The prober of this server; it has none when others are to ask. */
const prober = ({ probes, allowPrivateTargets }: Config) =>
  probes.atOnce === 0
    ? Layer.empty
    : LocalProber.layer({
        allowPrivateTargets,
        atOnce: probes.atOnce,
        alive: probes.heartbeat === undefined ? undefined : Heartbeat.beat(probes.heartbeat),
      })

const engineAlone = (
  config: Config,
  store: Layer.Layer<Store, StoreError>,
  siteRoot: () => string | undefined,
) =>
  Engine.layer({
    store,
    notifiers: Notifiers.layer({
      allowPrivateTargets: config.allowPrivateTargets,
      siteRoot,
    }),
    settings: {
      ...(config.pingBodyLimit === undefined ? {} : { pingBodyLimit: config.pingBodyLimit }),
      signalsPerMinute: config.signalsPerMinute,
      blindAfter: config.blindAfter,
      samples: config.keptSamples,
    },
  }).pipe(Layer.provide(Layer.succeed(SteadyClock.Replaceable, false)))
