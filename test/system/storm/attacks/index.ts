/** All attacks. */
import * as Connections from "./Connections.ts"
import * as Documents from "./Documents.ts"
import * as Mails from "./Mails.ts"
import * as Pings from "./Pings.ts"

export const attacks = [
  ...Documents.attacks,
  ...Pings.attacks,
  ...Mails.attacks,
  ...Connections.attacks,
] as const
