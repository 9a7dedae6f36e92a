/** How connections are encrypted, and whose certificate is trusted, as libpq reads `sslmode`. */
import { readFileSync } from "node:fs"
import { isIP } from "node:net"
import type { ConnectionOptions } from "node:tls"
import { StoreError } from "@overdue/core/Store"
import type { Host, Tls } from "./Address.ts"

/** Returns what Node is told; false for no encryption. Throws a StoreError when a file cannot be read. */
export const options = (tls: Tls, { host, address }: Host): ConnectionOptions | false => {
  // A Unix socket does not leave the machine.
  if (tls.mode === "disable" || host.startsWith("/")) return false
  const { rootCertificate, certificate, key } = tls
  const files: ConnectionOptions = {
    ...(rootCertificate !== undefined &&
      rootCertificate !== "system" && { ca: file("sslrootcert", rootCertificate) }),
    ...(certificate !== undefined && { cert: file("sslcert", certificate) }),
    ...(key !== undefined && { key: file("sslkey", key) }),
  }
  // Who gives a certificate wants it to be used, which libpq does in this mode too.
  const isChecked = tls.mode.startsWith("verify") || (tls.mode === "require" && rootCertificate !== undefined)
  return {
    ...files,
    // Whoever names an address still wants the host.
    ...(address !== undefined && isIP(host) === 0 && { servername: host }),
    rejectUnauthorized: isChecked,
    ...(tls.mode !== "verify-full" && { checkServerIdentity: () => undefined }),
  }
}

const file = (parameter: string, path: string): Buffer => {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new StoreError({
      reason: "failed",
      detail: `the file that ${parameter} names cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      cause,
    })
  }
}
