/** The flag with the address that a prober asks for as long as it works. */
import { UsageError } from "../Failure.ts"

/** Returns an address that is asked for regularly, as a flag gives it. Fails with a `UsageError`. */
export const read = (flag: string, text: string | undefined): string | undefined => {
  if (text === undefined || (/^https?:\/\//.test(text) && URL.canParse(text))) return text
  // It is a secret all the same.
  throw new UsageError(`${flag} is a URL with http or https, such as the ping URL of a check`)
}
