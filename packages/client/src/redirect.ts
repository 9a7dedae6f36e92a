/** Redirects, for a `fetch` over another HTTP client that follows them itself. */

/** Servers redirect from http to https, and perhaps from one host to another; a longer chain is most likely a loop. */
export const mostRedirects = 5

/** Where a request goes, and with which headers. */
export interface Hop {
  readonly address: URL
  readonly headers: Readonly<Record<string, string>>
}

/**
 * Returns where an answer leads. Unlike in a browser, method and body stay: the server has moved, and the request is the
 * same. Keys are for the host that they were given for, and stay behind at another. `undefined` when the answer is no
 * redirect, or leads where nothing should go: to no address of the web, or from TLS to plain text.
 */
export const next = (
  { status, location }: { readonly status: number; readonly location: string | null | undefined },
  { address, headers }: Hop,
): Hop | undefined => {
  if (!location || ![301, 302, 303, 307, 308].includes(status)) return undefined
  if (!URL.canParse(location, address.href)) return undefined
  const to = new URL(location, address)
  if (to.protocol !== "https:" && to.protocol !== address.protocol) return undefined
  return { address: to, headers: to.host === address.host ? headers : withoutSecrets(headers) }
}

const withoutSecrets = (headers: Hop["headers"]): Hop["headers"] =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !/^(x-api-key|authorization)$/i.test(name)))
