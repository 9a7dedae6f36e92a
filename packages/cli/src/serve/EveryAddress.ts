/** A server that listens on every address of its machine: none of them is `0.0.0.0`, so no link can lead there. */
import { hostname, networkInterfaces } from "node:os"

/** Whether a host stands for every address. */
export const isEvery = (host: string): boolean => /^(?:0\.0\.0\.0|::|0:0:0:0:0:0:0:0|)$/.test(host)

/** Returns a host that links can name: an address by which others reach this machine, or itself. */
export const reachable = (): string => {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  return all.find(({ internal, family }) => !internal && family === "IPv4")?.address ?? hostname()
}

/** Returns what to say about it. */
export const warning = (root: string): string =>
  `links in answers and alerts begin with ${root}, because the server listens on every address; give --site-root the address that people use`
