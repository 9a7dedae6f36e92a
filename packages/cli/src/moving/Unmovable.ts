/** Checks that nothing but a backup moves. */
import type { Check } from "@overdue/client/management"
import * as AskedView from "../AskedView.ts"
import type { SourceCheck } from "./Source.ts"

/** What is to be said of server monitors that stay where they are. */
export const ofServers = "which only the API of Pinghome creates; `overdue backup` moves a whole installation"

/** Returns why a new server with some checks would not take a check as it is; `undefined` when it would. */
export const why = (
  { family, probe }: SourceCheck,
  existing: Check | undefined,
  checks: readonly Check[],
): string | undefined =>
  family === "server" ? `it is a server monitor, ${ofServers}` : AskedView.unwatched(probe, existing, checks)
