/** Fetches IANA's list of the registries of domains, with all of them, in place of the list in this package. */
import { writeFile } from "node:fs/promises"

const source = "https://data.iana.org/rdap/dns.json"
const response = await fetch(source)
if (!response.ok) throw new Error(`${source} answers ${response.status}`)
const { publication, services } = await response.json()
const isRight =
  Array.isArray(services) &&
  services.length > 100 &&
  services.every(([names, urls]) => [...names, ...urls].every((text) => typeof text === "string"))
if (!isRight) throw new Error(`${source} is not what RFC 9224 describes`)
const description = `The RDAP bootstrap file of IANA for domains (${source}, RFC 9224)`
const target = new URL("./src/rdap/dns.json", import.meta.url)
await writeFile(target, `${JSON.stringify({ description, publication, services }, undefined, 2)}\n`)
