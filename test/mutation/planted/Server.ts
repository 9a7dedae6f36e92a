/** Bugs of the server: who may do what, what strangers can take, and what clients are told. */
import type { Bug } from "./Bug.ts"

const access = "packages/server/src/access/Access.ts"
const nodeServer = "packages/server/src/http/NodeServer.ts"
const bodies = "packages/server/src/http/Bodies.ts"
const managementApi = "packages/server/src/dialects/healthchecks/management/Api.ts"
const ofKeys = ["packages/server/test/access/Access.test.ts"]
const ofRequests = ["packages/server/test/dialects/healthchecks/management/Access.test.ts"]
const ofNode = ["packages/server/test/http/NodeServer.test.ts"]
const ofBodies = ["packages/server/test/http/Bodies.test.ts"]
const ofPings = ["packages/server/test/dialects/healthchecks/pings/PingApi.test.ts"]

export const server: readonly Bug[] = [
  {
    what: "requests of a flood that has left keep a server that stops busy, one in each turn of its loop",
    file: "packages/server/src/dialects/Turnstile.ts",
    original: "if (!next.isGone()) return next",
    replacement: "return next.isGone() ? { ...next, begin: () => undefined } : next",
    tests: ["packages/server/test/dialects/Turnstile.test.ts"],
  },
  {
    what: "whoever waits for an answer when a server stops sees a connection that was reset",
    file: nodeServer,
    original: "for (const response of last()) {",
    replacement: "for (const response of []) {",
    tests: ofNode,
  },
  {
    what: "the body of a request is read before its key is looked at, so that strangers take the memory of clients",
    file: managementApi,
    original: `    const caller = yield* Access.open(inbound, { need, key: yield* whole(header) })
    return { caller, body: yield* bodyOf(inbound, { defaults, isKnown: true }) }`,
    replacement: `    const body = yield* bodyOf(inbound, { defaults, isKnown: true })
    return { caller: yield* Access.open(inbound, { need, key: yield* whole(header) }), body }`,
    tests: ofRequests,
  },
  {
    what: "a request with its key in the body has as much of it read as a client",
    file: managementApi,
    original: "isKnown: Result.isSuccess(vouched) })",
    replacement: "isKnown: Result.isSuccess(vouched) || need !== undefined })",
    tests: ofRequests,
  },
  {
    what: "the bodies of strangers may take all the memory that there is for bodies",
    file: bodies,
    original: "isKnown ? this.#free : Math.min(this.#free, this.#freeToStrangers)",
    replacement: "isKnown ? this.#free : this.#free",
    tests: ofBodies,
  },
  {
    what: "the memory of a body is not given back, so that the server refuses all bodies after a while",
    file: bodies,
    original: "        take(-room)\n",
    replacement: "        if (size === 0) take(-room)\n",
    tests: ofBodies,
  },
  {
    what: "a body that says nothing of its length fills the memory",
    file: bodies,
    original: "if (size <= longestBody) return",
    replacement: "if (size <= 1024 * longestBody) return",
    tests: [...ofBodies, ...ofNode],
  },
  {
    what: "wrong keys may be tried without a limit",
    file: access,
    original: "if (opened === undefined) return yield* wrong(inbound)",
    replacement: "if (opened === undefined) return yield* new KeyWrong()",
    tests: ofKeys,
  },
  {
    what: "whoever tries wrong keys escapes the limit by an invented X-Forwarded-For",
    file: "packages/server/src/access/Protection.ts",
    original: "trusts === Proxies.everybody ? peer : origin",
    replacement: "trusts === undefined ? peer : origin",
    tests: ofKeys,
  },
  {
    what: "whoever tries wrong keys escapes the limit by another address of their IPv6 network",
    file: "packages/server/src/access/Proxies.ts",
    original: "].slice(0, 4)",
    replacement: "].slice(0, 8)",
    tests: ["packages/server/test/access"],
  },
  {
    what: "the requests of a key are not limited",
    file: access,
    original: "return seconds > 0 ? yield* new TooManyRequests({ seconds }) : caller",
    replacement: "return seconds > 1e9 ? yield* new TooManyRequests({ seconds }) : caller",
    tests: ofKeys,
  },
  {
    what: "a read-only key may change everything",
    file: access,
    original: 'need === "write" && caller.access === "read-only"',
    replacement: 'need === "write" && caller.access === "read-only" && caller.by === "host"',
    tests: ofRequests,
  },
  {
    what: "a read-only key may pause a check, of which nobody hears any more",
    file: "packages/server/src/dialects/healthchecks/management/endpoints/Checks.ts",
    original: '{ id: "pauseCheck", access: "write", run: pause }',
    replacement: '{ id: "pauseCheck", access: "read", run: pause }',
    tests: ofRequests,
  },
  {
    what: "a read-only key may read the bodies of pings",
    file: "packages/server/src/dialects/healthchecks/management/endpoints/Pings.ts",
    original: '{ id: "getPingBody", access: "write", run: body }',
    replacement: '{ id: "getPingBody", access: "read", run: body }',
    tests: ofRequests,
  },
  {
    what: "anybody may manage projects where the operator has set no key",
    file: "packages/server/src/access/Operator.ts",
    original: "adminKey !== undefined && Keys.isSame(key, adminKey)",
    replacement: "adminKey === undefined || Keys.isSame(key, adminKey)",
    tests: ["packages/server/test/dialects/healthchecks/management/Projects.test.ts"],
  },
  {
    what: "a wrong API key stands in the log, where it may be the right one of another installation",
    file: access,
    original: "  const opened = yield* Projects.byApiKey(digest)\n",
    replacement:
      "  const opened = yield* Projects.byApiKey(digest)\n  if (opened === undefined) yield* Effect.logInfo(`a wrong API key was used: ${key}`)\n",
    tests: [...ofRequests, ...ofKeys],
  },
  {
    what: "the id of a check stands in the log when a ping fails, with which whoever reads it can ping",
    file: "packages/server/src/dialects/Routes.ts",
    original: "Effect.suspend(() => handle(inbound))",
    replacement: "Effect.tapCause(handle(inbound), () => Effect.logError(`${inbound.path} failed`))",
    tests: ["packages/server/test/dialects/Routes.test.ts"],
  },
  {
    what: "a request with two Host headers is taken, of which a proxy may have read the other",
    file: nodeServer,
    original: "return hosts > 1",
    replacement: "return hosts > 2",
    tests: ofNode,
  },
  {
    what: "a body that nobody reads is taken for the next request of its connection",
    file: nodeServer,
    original: "if (!request.complete && Bodies.isPresent(request)) response.shouldKeepAlive = false",
    replacement: "",
    tests: ofNode,
  },
  {
    what: "the requests in flight are cut off when the server stops",
    file: nodeServer,
    original: "    server.closeIdleConnections()\n",
    replacement: "    server.closeAllConnections()\n",
    tests: ofNode,
  },
  {
    what: "a connection that is kept open holds up a server that stops",
    file: nodeServer,
    original: "impatience = setTimeout(() => server.closeAllConnections(), parting)",
    replacement: "impatience = setTimeout(() => server.closeIdleConnections(), parting)",
    tests: ["packages/server/test/http"],
  },
  {
    what: "an answer that repeats what was sent may be taken for a page (nosniff is missing)",
    file: "packages/server/src/dialects/healthchecks/pings/PingAnswers.ts",
    original: '    "x-content-type-options": "nosniff",\n',
    replacement: "",
    tests: ofPings,
  },
  {
    what: "a page of another site cannot read why its request was refused (CORS header only on success)",
    file: managementApi,
    original:
      "return Effect.map(answer, (outbound) => ({ ...outbound, headers: { ...outbound.headers, ...headers } }))",
    replacement: `return Effect.map(answer, (outbound) =>
      outbound.status < 400 ? { ...outbound, headers: { ...outbound.headers, ...headers } } : outbound,
    )`,
    tests: ofRequests,
  },
  {
    what: "a browser of another site is refused before it can ask (OPTIONS needs a key)",
    file: managementApi,
    original: 'if (inbound.method === "OPTIONS" && !endpoint.isPlain) return empty(204)',
    replacement: 'if (inbound.method === "OPTIONS" && endpoint.isPlain) return empty(204)',
    tests: ofRequests,
  },
  {
    what: "the answer to HEAD carries a body, which the client takes for the next answer",
    file: "packages/server/src/http/Http.ts",
    original: 'method === "HEAD" || status === 204',
    replacement: "method === undefined || status === 204",
    tests: ["packages/server/test/http"],
  },
  {
    what: "a load balancer that asks with HEAD takes a server that is well for one that is not",
    file: "packages/server/src/Health.ts",
    original: 'method === "GET" || method === "HEAD"',
    replacement: 'method === "GET"',
    tests: ["packages/server/test/Health.test.ts"],
  },
  {
    what: "a server that stores no signals says that it is well",
    file: "packages/server/src/Health.ts",
    original: "Effect.flatMap(Trouble, ({ standing }) => standing),",
    replacement: "Effect.void,",
    tests: ["packages/server/test/Health.test.ts"],
  },
  {
    what: "a ping while the database is away is told that there is no such check, and its client gives up",
    file: "packages/server/src/dialects/SignalAnswers.ts",
    original: '        case "StoreError":\n          return unavailable',
    replacement: '        case "StoreError":\n          return notFound',
    tests: ["packages/server/test/dialects/SignalAnswers.test.ts"],
  },
  {
    what: "the answer to a ping may be kept by a cache, which then answers in the place of the server",
    file: "packages/server/src/dialects/SignalAnswers.ts",
    original: '"cache-control": "max-age=0, no-cache, no-store, must-revalidate, private"',
    replacement: '"cache-control": "max-age=600"',
    tests: [...ofPings, "packages/server/test/dialects/SignalAnswers.test.ts"],
  },
  {
    what: "the run id of a ping is dropped, so that runs that overlap are mixed up",
    file: "packages/server/src/dialects/healthchecks/pings/PingApi.ts",
    original: "rid: rid ?? undefined,",
    replacement: "rid: undefined,",
    tests: ofPings,
  },
  {
    what: "the bodies of pings are stored in full length, whatever the limit",
    file: "packages/server/src/dialects/healthchecks/pings/PingApi.ts",
    original: "return ping.inbound.body(this.#pingBodyLimit, isKnown).then(",
    replacement: "return ping.inbound.body(10 * this.#pingBodyLimit, isKnown).then(",
    tests: ofPings,
  },
  {
    what: "anybody can invent the address from which a ping came, past the proxies that are trusted",
    file: "packages/server/src/access/Origin.ts",
    original: "chain.findLast((hop, index) => index === 0 || !trusts(hop))",
    replacement: "chain.find((hop, index) => index === 0 || !trusts(hop))",
    tests: ["packages/server/test/access/Origin.test.ts"],
  },
  {
    what: "the badge of one tag opens those of all others",
    file: "packages/server/src/dialects/healthchecks/badges/Signature.ts",
    original: "return ours.length === theirs.length && timingSafeEqual(ours, theirs) ? states : undefined",
    replacement: "return ours.length === theirs.length || timingSafeEqual(ours, theirs) ? states : undefined",
    tests: ["packages/server/test/dialects/healthchecks/badges"],
  },
  {
    what: "a mail is accepted although the store cannot keep its ping",
    file: "packages/server/src/mail/SmtpServer.ts",
    original: '        reply(451, "4.3.0 Try again later"),\n',
    replacement: "        null,\n",
    tests: ["packages/server/test/mail/SmtpServer.test.ts"],
  },
  {
    what: "a mail to several checks is repeated, and pings some of them twice, because one has had too many signals",
    file: "packages/server/src/mail/EmailPing.ts",
    original: 'if (limited !== undefined && !results.includes("received")) return yield* limited',
    replacement: "if (limited !== undefined) return yield* limited",
    tests: ["packages/server/test/mail/SmtpServer.test.ts"],
  },
  {
    what: "the channels of other projects can be changed and tried by their ids",
    file: "packages/engine/src/commands/Channels.ts",
    original: "channel === undefined || channel.project !== project",
    replacement: 'channel === undefined || (channel.project !== project && project === "")',
    tests: ["packages/server/test/dialects/healthchecks/management/Channels.test.ts"],
  },
  {
    what: "a body that is too long for an application that serves the handler is stored cut off, as if it were whole",
    file: "packages/server/src/http/WebRequest.ts",
    original: "if (size > longestBody) throw new BodyTooLarge()",
    replacement: "if (size > longestBody) break",
    tests: ["packages/server/test/Server.test.ts"],
  },
]
