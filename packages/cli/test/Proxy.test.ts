import { fetch } from "@overdue/cli/Fetch"
import * as Proxy from "@overdue/cli/Proxy"
import { describe, expect, it } from "vitest"
import * as Overdue from "../../../test/kit/Overdue.ts"
import * as certificate from "../../../test/kit/Certificate.ts"
import * as Receiver from "../../../test/kit/Receiver.ts"
import * as http from "node:http"
import * as net from "node:net"
import { once } from "node:events"
import { writeFileSync } from "node:fs"
import { join } from "node:path"

const id = "7a3f2c1e-0b5d-4f6a-9c8b-1d2e3f4a5b6c"

const chosen = (url: string, environment: Record<string, string>) => Proxy.of(new URL(url), environment)?.href

describe("the proxy for an address", () => {
  it.each([
    ["http://x.test/", {}, undefined],
    ["http://x.test/", { http_proxy: "http://p:3128" }, "http://p:3128/"],
    ["http://x.test/", { http_proxy: "p:3128" }, "http://p:3128/"],
    ["http://x.test/", { HTTP_PROXY: "http://p:3128" }, "http://p:3128/"],
    ["http://x.test/", { HTTP_PROXY: "http://p:3128", REQUEST_METHOD: "GET" }, undefined],
    ["http://x.test/", { HTTP_PROXY: "http://upper", http_proxy: "http://lower" }, "http://lower/"],
    ["https://x.test/", { http_proxy: "http://p" }, undefined],
    ["https://x.test/", { https_proxy: "http://p" }, "http://p/"],
    ["https://x.test/", { HTTPS_PROXY: "http://u:pw@p:1" }, "http://u:pw@p:1/"],
    ["https://x.test/", { ALL_PROXY: "http://p" }, "http://p/"],
    ["http://x.test/", { all_proxy: "http://all", http_proxy: "http://own" }, "http://own/"],
    ["http://x.test/", { http_proxy: "" }, undefined],
  ])("%s with %j is %s", (url, environment, proxy) => {
    expect(chosen(url, environment)).toBe(proxy)
  })

  it.each([
    ["http://x.test/", "*"],
    ["http://x.test/", "x.test"],
    ["http://X.TEST/", "x.test"],
    ["http://a.x.test/", "x.test"],
    ["http://a.x.test/", ".x.test"],
    ["http://a.x.test/", "*.x.test"],
    ["http://x.test/", "other, x.test"],
    ["http://x.test/", "other x.test"],
    ["http://x.test:81/", "x.test:81"],
    ["http://x.test/", "x.test."],
    ["http://127.0.0.1/", "127.0.0.1"],
    ["http://10.1.2.3/", "10.0.0.0/8"],
    ["http://[::1]/", "::1"],
    ["http://[::1]/", "[::1]"],
    ["http://[fd00::5]/", "fd00::/8"],
  ])("%s is none with no_proxy=%s", (url, list) => {
    expect(chosen(url, { http_proxy: "http://p", no_proxy: list })).toBeUndefined()
    expect(chosen(url, { http_proxy: "http://p", NO_PROXY: list })).toBeUndefined()
  })

  it.each([
    ["http://notx.test/", "x.test"],
    ["http://x.test.evil/", "x.test"],
    ["http://x.test:82/", "x.test:81"],
    ["http://11.1.2.3/", "10.0.0.0/8"],
    ["http://10.1.2.3/", "10.0.0.0/99"],
    ["http://x.test/", ""],
    ["http://[::1]/", "127.0.0.1"],
  ])("%s is still the proxy with no_proxy=%s", (url, list) => {
    expect(chosen(url, { http_proxy: "http://p", no_proxy: list })).toBe("http://p/")
  })

  it.each([
    ["socks5://p", "a proxy is reached by http or https, not by socks5"],
    ["http://u:geheim@", "the proxy that the environment names is no address"],
  ])("%s cannot be used", (proxy, sentence) => {
    expect(() => chosen("http://x.test/", { http_proxy: proxy })).toThrow(sentence)
  })
})

/** A proxy that tunnels, and notes what it was asked. */
const listen = async (refuse?: number) => {
  const asked: string[] = []
  const server = http.createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers["proxy-authorization"] ?? ""}`.trim())
    if (refuse !== undefined) return void response.writeHead(refuse).end()
    const { method, headers } = request
    delete headers["proxy-authorization"]
    const passed = http.request(request.url!, { method: method!, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers)
      answer.pipe(response)
    })
    request.pipe(passed)
  })
  server.on("connect", (request, socket, head) => {
    asked.push(`CONNECT ${request.url} ${request.headers["proxy-authorization"] ?? ""}`.trim())
    socket.on("error", () => {})
    if (refuse !== undefined) return void socket.end(`HTTP/1.1 ${refuse} no\r\n\r\n`)
    // Wherever it is to, the server of the test is here.
    const target = net.connect(Number(request.url!.split(":")[1]), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n")
      target.write(head)
      target.pipe(socket).pipe(target)
    })
    target.on("error", () => socket.destroy())
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as net.AddressInfo // safe because it listens on TCP
  return {
    asked,
    host: `127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

describe("overdue behind a proxy", () => {
  it.each(["ping", "run -- true"])("%s goes through it", async (line) => {
    const words = line.split(" ")
    await using server = await Receiver.listen()
    await using proxy = await listen()
    await using overdue = await Overdue.make({ OVERDUE_URL: server.url, OVERDUE_CHECK: id })
    const environment = { http_proxy: `http://user:p%20w@${proxy.host}` }
    expect(await overdue.run(words, environment)).toMatchObject({ code: 0, stderr: "" })
    const credentials = `Basic ${Buffer.from("user:p w").toString("base64")}`
    expect(proxy.asked[0]).toMatch(`POST ${server.url}/ping/${id}`)
    expect(proxy.asked[0]).toContain(credentials)
    expect(server.received).toHaveLength(words[0] === "run" ? 2 : 1)
    expect(server.received[0]!.headers["proxy-authorization"]).toBeUndefined()
    expect(server.received[0]!.headers.authorization).toBeUndefined()
  })

  it("reaches https through a tunnel, and judges the certificate of the server", async () => {
    await using server = await Receiver.listenTls(Receiver.ok, certificate)
    await using proxy = await listen()
    // A name that only the proxy can reach.
    const url = `https://hooks.test:${server.port}`
    await using overdue = await Overdue.make({ OVERDUE_URL: url, OVERDUE_CHECK: id })
    const environment = { https_proxy: `http://${proxy.host}` }
    const strict = await overdue.run(["ping", "--no-spool"], environment)
    expect(strict.code).toBe(1)
    expect(strict.stderr).toContain("this signal (success) is lost")
    const authority = join(overdue.folder, "cert.pem")
    writeFileSync(authority, certificate.cert)
    const trusting = { ...environment, NODE_EXTRA_CA_CERTS: authority }
    expect(await overdue.run(["ping"], trusting)).toMatchObject({ code: 0, stderr: "" })
    expect(server.received).toHaveLength(1)
    expect(new Set(proxy.asked)).toEqual(new Set([`CONNECT hooks.test:${server.port}`]))
  })

  it("goes past it where no_proxy says so", async () => {
    await using server = await Receiver.listen()
    await using overdue = await Overdue.make({ OVERDUE_URL: server.url, OVERDUE_CHECK: id })
    const environment = { http_proxy: "http://127.0.0.1:1", no_proxy: "127.0.0.0/8" }
    expect((await overdue.run(["ping"], environment)).code).toBe(0)
  })

  it("that refuses says so, and keeps the signal", async () => {
    await using proxy = await listen(407)
    const url = "https://overdue.invalid"
    await using overdue = await Overdue.make({ OVERDUE_URL: url, OVERDUE_CHECK: id })
    const { code, stderr } = await overdue.run(["ping"], { HTTPS_PROXY: proxy.host })
    expect(code).toBe(0)
    expect(stderr).toContain(`the proxy ${proxy.host} answered 407`)
    expect(stderr).toContain("this signal is kept on this machine")
  })

  it("manages checks through it", async () => {
    await using server = await Receiver.listen({ status: 200, body: '{"checks":[]}' })
    await using proxy = await listen()
    await using overdue = await Overdue.make({ OVERDUE_URL: server.url, OVERDUE_API_KEY: "key" })
    const environment = { http_proxy: proxy.host }
    expect((await overdue.run(["checks", "list"], environment)).code).toBe(0)
    expect(proxy.asked[0]).toContain(`GET ${server.url}/api/v3/checks/`)
  })
})

describe("a redirect to another host", () => {
  it("takes no key along", async () => {
    await using other = await Receiver.listen()
    const headers = { Location: other.url.replace("127.0.0.1", "localhost") }
    await using server = await Receiver.listen({ status: 307, headers })
    const init = {
      method: "GET",
      headers: { "X-Api-Key": "secret", Accept: "x" },
      signal: AbortSignal.timeout(9000),
    }
    await fetch(server.url, init)
    expect(server.received[0]!.headers["x-api-key"]).toBe("secret")
    expect(other.received[0]!.headers["x-api-key"]).toBeUndefined()
    expect(other.received[0]!.headers.accept).toBe("x")
  })
})
