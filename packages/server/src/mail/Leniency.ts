/**
 * The command lines of SMTP as devices and scripts write them, made into those that the server's parser takes. What
 * Healthchecks' own server (aiosmtpd) takes must be taken: a printer that alerts by mail cannot be taught.
 */

/** Stands for the domain that the address of a sender lacks: `MAIL FROM:root`. */
const noDomain = "@missing.invalid"

/** Returns a command line that the parser takes, when it can be told what is meant; else the line as it is. */
export const tolerated = (line: string): string => {
  const [, verb = "", rest = ""] = /^\s*([a-z]{4})(?:\s+(.*?))?\s*$/is.exec(line) ?? []
  switch (verb.toUpperCase()) {
    case "EHLO":
    case "HELO":
      // A name that nobody looks at: `EHLO my printer`.
      return rest === "" || isHost.test(rest) ? line : `${verb} unknown`
    case "MAIL":
      return addressed("MAIL FROM", /^from\s*:?\s*(.*)$/is.exec(rest)?.[1], line)
    case "RCPT":
      return addressed("RCPT TO", /^to\s*:?\s*(.*)$/is.exec(rest)?.[1], line)
    default:
      return line
  }
}

/** Returns the address of a sender as it was written. */
export const sender = (address: string): string =>
  address.endsWith(noDomain) ? address.slice(0, -noDomain.length) : address

const isHost = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f.:]+\])$/i

/** An address may lack its brackets, have spaces in them, a name before or parameters right behind. */
const addressed = (command: string, given: string | undefined, line: string): string => {
  if (given === undefined || given === "") return line
  const [, inside, behind = ""] = /<([^<>]*)>(.*)$/s.exec(given) ?? []
  const [word = "", ...others] = given.split(/\s+/)
  const address = (inside ?? word).replace(/\s+/g, "")
  // A bracket that is not closed is part of no address.
  if (inside === undefined && /[<>]/.test(given)) return line
  const parameters = inside === undefined ? others : behind.split(/\s+/)
  const named = parameters.filter((parameter) => /^[a-z0-9][a-z0-9-]*(?:=.*)?$/i.test(parameter))
  return [`${command}:<${whole(address, command)}>`, ...named].join(" ")
}

const whole = (address: string, command: string): string => {
  // The empty sender of a bounce; and a source route, which the parser takes away (RFC 5321 appendix C).
  if (address === "" || address.startsWith("@")) return address
  const at = address.lastIndexOf("@")
  if (at === address.length - 1) return `${address.slice(0, -1)}${noDomain}`
  if (at < 0)
    return command === "RCPT TO" && /^postmaster$/i.test(address) ? address : `${address}${noDomain}`
  const local = address.slice(0, at)
  return `${local === "" ? "nobody" : local.replaceAll("@", "=")}${address.slice(at)}`
}
