/** Signals as they come in over HTTP. */
import type * as Receive from "@overdue/engine/commands/Receive"

/** What a signal says. */
export type Action = "success" | "start" | "fail" | "cancel" | "log"

/** Returns what arrives when a target is pinged by GET from 192.0.2.7. */
export const overHttp = <T extends Receive.Target>(
  target: T,
  action: Action = "success",
  rid?: string,
): Omit<Receive.Arrival, "target" | "samples"> & { readonly target: T } => ({
  target,
  rid,
  signal: { via: "http", method: "GET", action, exitStatus: undefined, text: () => "" },
  origin: { scheme: "http", remoteAddress: "192.0.2.7", method: "GET", userAgent: "", body: undefined },
})
