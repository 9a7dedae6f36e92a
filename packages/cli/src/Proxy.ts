/** Proxies as the environment names them, as curl reads it: which one is for an address, and a connection through it. */
import type { ClientRequest, IncomingMessage, RequestOptions } from "node:http"
import type { Socket } from "node:net"
import type { Environment } from "./Io.ts"
import { ProxyError } from "./Tries.ts"

/**
 * Returns the proxy for an address; `undefined` when it is reached directly. Lower case wins over upper case;
 * `HTTP_PROXY` is ignored in a CGI program, where a client sets it by a header `Proxy` (httpoxy). Throws a
 * `ProxyError`.
 */
export const of = (url: URL, environment: Environment): URL | undefined => {
  const named = (name: string) => environment[name] || environment[name.toUpperCase()] || undefined
  const http = environment.http_proxy || (environment.REQUEST_METHOD ? undefined : environment.HTTP_PROXY)
  const text = (url.protocol === "https:" ? named("https_proxy") : http || undefined) ?? named("all_proxy")
  if (text === undefined || isExempt(url, named("no_proxy") ?? "")) return undefined
  const full = text.includes("://") ? text : `http://${text}`
  if (!URL.canParse(full)) throw new ProxyError("the proxy that the environment names is no address")
  const proxy = new URL(full)
  if (proxy.protocol !== "http:" && proxy.protocol !== "https:") {
    throw new ProxyError(`a proxy is reached by http or https, not by ${proxy.protocol.slice(0, -1)}`)
  }
  return proxy
}

/** Items are separated by commas or spaces: `*`, a host with all below it, an IP address, or a range such as 10.0.0.0/8. */
const isExempt = (url: URL, list: string): boolean => {
  const host = bare(url.hostname)
  const items = list.split(/[\s,]+/).filter((item) => item !== "")
  return items.some((item) => {
    if (item === "*") return true
    const [, name, port] = /^(.*?)(?::(\d+))?$/.exec(
      item.includes("]") || !/:.*:/.test(item) ? item : `[${item}]`,
    )!
    if (port !== undefined && port !== (url.port || (url.protocol === "https:" ? "443" : "80"))) return false
    const wanted = bare(name!.replace(/^\*?\./, ""))
    return host === wanted || host.endsWith(`.${wanted}`) || isWithin(host, wanted)
  })
}

const bare = (host: string): string => host.toLowerCase().replace(/^\[|\]$|\.$/g, "")

const isWithin = (host: string, range: string): boolean => {
  const { BlockList, isIP } = process.getBuiltinModule("node:net")
  const [address = "", bits] = range.split("/")
  const [own, other] = [isIP(host), isIP(address)]
  if (own === 0 || own !== other) return false
  const family = own === 4 ? "ipv4" : "ipv6"
  const most = own === 4 ? 32 : 128
  const prefix = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : -1
  if (prefix < 0 || prefix > most) return false
  const list = new BlockList()
  list.addSubnet(address, prefix, family)
  return list.check(host, family)
}

/** The options of a request. */
export interface Asked extends RequestOptions {
  readonly headers?: Record<string, string | number>
}

/** Returns the options of a request through a proxy: for https over a tunnel, for http with the whole address as path. */
export const through = async (
  proxy: URL,
  url: URL,
  { headers, ...options }: Asked,
): Promise<{ readonly url: URL; readonly options: RequestOptions }> => {
  const credentials =
    proxy.username === ""
      ? {}
      : {
          "Proxy-Authorization": `Basic ${Buffer.from(`${decoded(proxy.username)}:${decoded(proxy.password)}`).toString("base64")}`,
        }
  if (url.protocol === "http:") {
    const { username, password } = url
    const whole = new URL(url)
    whole.username = whole.password = whole.hash = ""
    // What stands in the URL of a request is for the server that answers it in the end.
    const plain = new URL(proxy)
    plain.username = plain.password = ""
    return {
      url: plain,
      options: {
        ...options,
        agent: false,
        path: whole.href,
        ...(username !== "" && { auth: `${decoded(username)}:${decoded(password)}` }),
        headers: { ...headers, ...credentials, Host: url.host },
      },
    }
  }
  const socket = await tunnel(proxy, url, credentials, options.signal)
  const { connect } = process.getBuiltinModule("node:tls")
  const { isIP } = process.getBuiltinModule("node:net")
  const host = bare(url.hostname)
  return {
    url,
    options: {
      ...options,
      ...(headers && { headers }),
      // Only without an agent is it called.
      createConnection: () => connect({ socket, host, ...(isIP(host) === 0 && { servername: host }) }),
    },
  }
}

const tunnel = (
  proxy: URL,
  url: URL,
  credentials: Record<string, string>,
  signal: AbortSignal | undefined,
): Promise<Socket> => {
  const { request } = process.getBuiltinModule(proxy.protocol === "https:" ? "node:https" : "node:http")
  const place = `${url.hostname}:${url.port || 443}`
  return new Promise((resolve, reject) => {
    const asked: ClientRequest = request({
      protocol: proxy.protocol,
      hostname: bare(proxy.hostname),
      port: proxy.port || (proxy.protocol === "https:" ? 443 : 80),
      method: "CONNECT",
      path: place,
      headers: { Host: place, ...credentials },
      agent: false,
      ...(signal && { signal }),
    })
    asked.once("connect", ({ statusCode }: IncomingMessage, socket: Socket) => {
      if (statusCode === 200) return resolve(socket)
      socket.destroy()
      reject(new ProxyError(`the proxy ${proxy.host} answered ${statusCode}`))
    })
    asked.once("response", ({ statusCode }) => {
      asked.destroy()
      reject(new ProxyError(`the proxy ${proxy.host} answered ${statusCode}`))
    })
    asked.once("error", reject)
    asked.end()
  })
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
