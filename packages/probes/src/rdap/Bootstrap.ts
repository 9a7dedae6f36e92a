/** Which registry has a domain (RFC 9224). */
import shipped from "./dns.json" with { type: "json" }

/** IANA's file: names of top-level domains, or longer ones, and the URLs of their registry. */
export interface Bootstrap {
  readonly services: readonly (readonly (readonly string[])[])[]
}

/** The file that comes with this package. */
export const own: Bootstrap = shipped

/** Finds the URL of the registry of a domain, which ends with a slash; `undefined` when none is known. */
export type Find = (domain: string) => string | undefined

/** Returns what finds registries in a file. The longest name that a domain ends with counts, label by label (§4). */
export const finder = ({ services }: Bootstrap): Find => {
  const known = new Map<string, string>()
  for (const [names = [], urls = []] of services) {
    const url = urls.find((each) => each.startsWith("https:")) ?? urls[0]
    if (url !== undefined)
      for (const name of names) known.set(name.toLowerCase(), url.endsWith("/") ? url : `${url}/`)
  }
  return (domain) => {
    const labels = domain.split(".")
    for (let from = 0; from < labels.length; from++) {
      const url = known.get(labels.slice(from).join("."))
      if (url !== undefined) return url
    }
    return undefined
  }
}
