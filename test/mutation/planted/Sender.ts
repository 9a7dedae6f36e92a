/** Bugs of the notifiers: where requests may go, what they carry, and what answers mean. */
import type { Bug } from "./Bug.ts"

const redirect = "packages/notifiers/src/sending/Redirect.ts"
const ofSender = ["packages/notifiers/test/sending/Sender.test.ts"]
const ofWebhook = ["packages/notifiers/test/Webhook.test.ts"]
const ofTemplate = ["packages/notifiers/test/Template.test.ts"]

const ofThread = ["packages/notifiers/test/sending/SenderThread.test.ts"]
const ofConnections = ["packages/notifiers/test/sending/Connections.test.ts"]

export const sender: readonly Bug[] = [
  {
    what: "a redirect leads to the private network of the server, which was checked for the first request only",
    file: "packages/notifiers/src/sending/Sender.ts",
    original: "yield* Target.make(hop.url, { resolve, isAllowed })",
    replacement: `yield* Target.make(hop.url, {
        resolve,
        isAllowed: (address) => isAllowed(address) || hop.url.href !== new URL(request.url).href,
      })`,
    tests: ofSender,
  },
  {
    what: "the name of a target is looked up again after its address was checked (DNS rebinding)",
    file: "packages/notifiers/src/sending/Exchange.ts",
    original: "    lookup: answering(addresses),\n",
    replacement: "    ...(addresses.length === 0 ? { lookup: answering(addresses) } : {}),\n",
    tests: ofSender,
  },
  {
    what: "a name with a public and a private address is reached at the private one",
    file: "packages/notifiers/src/sending/Target.ts",
    original: "return { url, addresses }",
    replacement: "return { url, addresses: found }",
    tests: ofSender,
  },
  {
    what: "a name server that answers with a private address for a minute has the channel disabled",
    file: "packages/notifiers/src/sending/Target.ts",
    original: "literal === undefined ? Unsent.forNow(why) : Unsent.forGood(why)",
    replacement: "Unsent.forGood(why)",
    tests: ofSender,
  },
  {
    what: "a captive portal that redirects to a private address has the channel disabled",
    file: "packages/notifiers/src/sending/Sender.ts",
    original: "redirects === 0 ? unsent",
    replacement: "redirects >= 0 ? unsent",
    tests: ofSender,
  },
  {
    what: "the metadata service of a cloud, with its credentials, can be reached",
    file: "packages/core/src/Address.ts",
    original: "[[169, 254], 16]",
    replacement: "[[169, 254], 17]",
    tests: ["packages/core/test/Address.test.ts"],
  },
  {
    what: "a private address in the NAT64 prefix can be reached",
    file: "packages/core/src/Address.ts",
    original: "return isPublic4(six.slice(6)",
    replacement: "return isPublic4(six.slice(4)",
    tests: ["packages/core/test/Address.test.ts"],
  },
  {
    what: "a redirect to another origin takes the user's credentials along",
    file: redirect,
    original: "isTrusted(hop.url, url) ? hop.headers : descriptive(hop.headers)",
    replacement: "isTrusted(hop.url, url) || status !== 303 ? hop.headers : descriptive(hop.headers)",
    tests: ofSender,
  },
  {
    what: "a redirect to another port of the host takes the user's credentials along",
    file: redirect,
    original: 'to.protocol === "https:" && from.port === "" && to.port === "")',
    replacement: 'to.protocol !== "ftp:")',
    tests: ofSender,
  },
  {
    what: "a redirect from https to http is followed, and everybody on the way reads the alert",
    file: redirect,
    original: 'if (hop.url.protocol === "https:" && url.protocol === "http:") {',
    replacement: 'if (hop.url.protocol === "https:" && url.protocol === "http:" && status === 303) {',
    tests: ofSender,
  },
  {
    what: "a redirect turns the alert into a request without a body, which counts as delivered",
    file: redirect,
    original: "status === 303\n",
    replacement: "status === 303 || status === 302\n",
    tests: ofSender,
  },
  {
    what: "a target that answers without end fills the memory",
    file: "packages/notifiers/src/sending/Exchange.ts",
    original: "if (size >= bounds.limit) {",
    replacement: "if (size >= 8192 * bounds.limit) {",
    tests: ofSender,
  },
  {
    what: "the certificate of a target is not looked at",
    file: "packages/notifiers/src/sending/Exchange.ts",
    original: "rejectUnauthorized: true,",
    replacement: "rejectUnauthorized: false,",
    tests: ofSender,
  },
  {
    what: "the idempotency key of a webhook contains the id of the check, with which whoever is told could ping it",
    file: "packages/notifiers/src/Webhook.ts",
    original: 'createHash("sha256").update(id).digest("hex").slice(0, 32)]',
    replacement: 'createHash("sha256").update(id).digest("hex").slice(0, 0) + id]',
    tests: ofWebhook,
  },
  {
    what: "a name with a line break adds headers of its own to a webhook",
    file: "packages/notifiers/src/Webhook.ts",
    original: "Template.headerValue(Template.fill(value, anywhere))",
    replacement: "Template.fill(value, anywhere)",
    tests: ofWebhook,
  },
  {
    what: "the name of a check changes the query of a webhook's URL",
    file: "packages/notifiers/src/Template.ts",
    original: 'const raw = ["$CODE", "$STATUS", "$SLUG"]',
    replacement: 'const raw = ["$CODE", "$STATUS", "$SLUG", "$NAME"]',
    tests: ofTemplate,
  },
  {
    what: "a tag, which may come from whoever pings, changes the path of a webhook's URL",
    file: "packages/notifiers/src/Template.ts",
    original: "return fill(path, inPath) +",
    replacement: "return fill(path, inPath.length === 0 ? inPath : encoded) +",
    tests: ofTemplate,
  },
  {
    what: "a value that looks like a placeholder is filled in turn, so that a name shows what the body of a ping was",
    file: "packages/notifiers/src/Template.ts",
    original: "return filled + (found === undefined ?",
    replacement: `const value = found?.[1]() ?? ""
    if (found !== undefined && value.includes("$") && value !== template) {
      return filled + fill(value, placeholders) + part.slice(found[0].length - 1)
    }
    return filled + (found === undefined ?`,
    tests: ofTemplate,
  },
  {
    what: "a receiver that is overloaded for a minute (503) has the alert given up",
    file: "packages/notifiers/src/HttpKind.ts",
    original: "status >= 400 && status < 500 && !passing.includes(status)",
    replacement: "status >= 400 && status < 504 && !passing.includes(status)",
    tests: ofWebhook,
  },
  {
    what: "a receiver with a wrong address (404) has its channel disabled instead of the message refused",
    file: "packages/notifiers/src/HttpKind.ts",
    original: "if (status === 410) return",
    replacement: "if (status === 410 || status === 404) return",
    tests: ofWebhook,
  },
  {
    what: "a channel may reach private addresses although nobody has allowed it",
    file: "packages/notifiers/src/index.ts",
    original: "options.allowPrivateTargets === true ? () => true : undefined",
    replacement: "options.allowPrivateTargets !== false ? () => true : undefined",
    tests: ["packages/notifiers/test/Notifier.test.ts"],
  },
  {
    what: "a target that redirects slowly takes four times the time that an attempt has, and the place of others",
    file: "packages/notifiers/src/sending/Sender.ts",
    original: "duration: yield* timeLeft,",
    replacement: "duration: timeout,",
    tests: ofSender,
  },
  {
    what: "a request goes out on a connection to an address that the name server no longer gives, and nobody checked",
    file: "packages/notifiers/src/sending/Connections.ts",
    original: ".toSorted()\n    .join()",
    replacement: ".slice(0, 0)\n    .join()",
    tests: ofConnections,
  },
  {
    what: "an alert fails because its target closed a connection that was kept",
    file: "packages/notifiers/src/sending/Exchange.ts",
    original: "outgoing.reusedSocket && !options.signal.aborted",
    replacement: "outgoing.reusedSocket && options.signal.aborted",
    tests: ofConnections,
  },
  {
    what: "a thread that has ended is never started again, so that no alert arrives",
    file: "packages/notifiers/src/sending/SenderThread.ts",
    original: "    void this.#worker?.terminate()\n    this.#worker = undefined\n",
    replacement: "    void this.#worker?.terminate()\n",
    tests: ofThread,
  },
  {
    what: "what a thread was sending when it ended waits for ever, and holds up its channel",
    file: "packages/notifiers/src/sending/SenderThread.ts",
    original: "for (const resume of failed) resume",
    replacement: "for (const resume of failed.slice(1)) resume",
    tests: ofThread,
  },
  {
    what: "a request that was given up goes on in the thread",
    file: "packages/notifiers/src/sending/SenderThread.ts",
    original: "if (this.#waiting.delete(n)) this.#tell",
    replacement: "if (!this.#waiting.delete(n)) this.#tell",
    tests: ofThread,
  },
  {
    what: "a server sends to private addresses although it was not allowed to",
    file: "packages/notifiers/src/sending/SenderWorker.ts",
    original: "isAllowed: allowPrivateTargets ? () => true : undefined",
    replacement: "isAllowed: () => true",
    tests: ofThread,
  },
]
