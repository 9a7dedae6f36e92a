/** The registry of the kinds of probes: how targets are asked, one protocol a file. */
import type { Asked } from "@overdue/core/Probe"
import { dnsRecords } from "./Dns.ts"
import { domain } from "./Domain.ts"
import { http } from "./Http.ts"
import { imap } from "./Imap.ts"
import type { Kind } from "./Kind.ts"
import { ping } from "./Ping.ts"
import { pop3 } from "./Pop3.ts"
import { smtp } from "./Smtp.ts"
import { tcp } from "./Tcp.ts"
import { tls } from "./Tls.ts"
import { udp } from "./Udp.ts"

/** Every kind of probe that somebody asks. */
export const kinds: Readonly<Record<Asked, Kind>> = {
  http,
  tcp,
  udp,
  ping,
  smtp,
  pop3,
  imap,
  dns: dnsRecords,
  tls,
  domain,
}
