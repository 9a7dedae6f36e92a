/** Domains: when their registration expires, by RDAP. */
import { Failure, Unknown } from "./Failure.ts"
import type { Kind } from "./Kind.ts"

/** The kind. */
export const domain: Kind = {
  name: "domain",
  asks: "Asks the registry of the top-level domain when the registration expires (RDAP), once a day.",
  fails:
    "A domain that is not registered or has expired, or whose registry is not known. While that does not answer, nothing is said.",
  ask: async (attempt) => {
    const registration = await attempt.means.registrationOf(attempt.url.host)
    attempt.seen.registration = registration
    if (registration.isUnknown === true)
      throw new Unknown(`Of a domain nothing can be said: ${registration.error}.`)
    if (registration.error !== undefined) throw new Failure(`domain: ${registration.error}`)
    if (registration.expiresAt !== undefined && registration.expiresAt <= Date.now())
      throw new Failure("domain: expired")
  },
}
