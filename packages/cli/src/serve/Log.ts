/** The log of a server: lines on stderr, as logfmt for people or as JSON for programs. Scripts wait for lines on stdout. */
import * as Cause from "effect/Cause"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import type * as LogLevel from "effect/LogLevel"
import * as References from "effect/References"
import type { Flags, Values } from "../Flags.ts"

const formats = ["logfmt", "json"] as const
const levels = ["debug", "info", "warning", "error"] as const

/** How the log is written. */
export interface Style {
  readonly format: (typeof formats)[number]
  /** What is less important is left out. */
  readonly level: (typeof levels)[number]
}

/** Flags for the log. */
export const flags = {
  "log-format": {
    kind: "text",
    value: "FORMAT",
    env: "OVERDUE_LOG_FORMAT",
    choices: formats,
    default: "logfmt",
    help: "how the log on standard error is written, a line for each entry",
  },
  "log-level": {
    kind: "text",
    value: "LEVEL",
    env: "OVERDUE_LOG_LEVEL",
    choices: levels,
    default: "info",
    help: "what is logged: warning has trouble only, info also flips and alerts, debug also each attempt",
  },
} as const satisfies Flags

/** Returns the style that flags ask for. */
export const read = (given: Values<typeof flags>): Style => ({
  // safe because they are among the choices
  format: (given["log-format"] ?? flags["log-format"].default) as Style["format"],
  level: (given["log-level"] ?? flags["log-level"].default) as Style["level"],
})

const levelOf: Readonly<Record<Style["level"], LogLevel.LogLevel>> = {
  debug: "Debug",
  info: "Info",
  warning: "Warn",
  error: "Error",
}

/** Returns the layer of the log. */
export const layer = ({ format, level }: Style): Layer.Layer<never> =>
  Layer.mergeAll(
    Logger.layer([Logger.withConsoleError(format === "json" ? json : Logger.formatLogFmt)]),
    Layer.succeed(References.MinimumLogLevel, levelOf[level]),
  )

/** An entry as one line of JSON: `time` in ISO 8601, `level`, `message` and what belongs to it, and the `cause` of a bug. */
const json = Logger.make(({ date, logLevel, message, cause, fiber }) =>
  JSON.stringify({
    ...fiber.getRef(References.CurrentLogAnnotations),
    time: date.toISOString(),
    level: logLevel.toLowerCase(),
    message: [message].flat().map(String).join(" "),
    ...(cause.reasons.length > 0 && { cause: Cause.pretty(cause) }),
  }),
)
