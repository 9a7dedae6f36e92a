/** Signals as they come in over HTTP. */
import type * as Receive from "@overdue/engine/commands/Receive"

/** What a signal says. */
export type Action = "success" | "start" | "fail" | "cancel" | "log"

/** Returns what arrives when a target is pinged by GET from 192.0.2.7. */
export const overHttp = (
  target: Receive.Target,
  action: Action = "success",
  rid?: string,
): Receive.Arrival => ({
  target,
  rid,
  signal: { via: "http", method: "GET", action, exitStatus: undefined, text: () => "" },
  origin: { scheme: "http", remoteAddress: "192.0.2.7", method: "GET", userAgent: "", body: undefined },
})
