/** Bugs of the doors of the server: how connections and mails are let in, and that strangers leave room for jobs. */
import type { Bug } from "./Bug.ts"

const doors = "packages/server/src/http/Doors.ts"
const crowd = "packages/server/src/http/Crowd.ts"
const places = "packages/server/src/access/Places.ts"
const reader = "packages/server/src/mail/MailReader.ts"
const ofDoors = ["packages/server/test/http/Doors.test.ts"]
const ofNode = ["packages/server/test/http/NodeServer.test.ts"]
const ofReader = ["packages/server/test/mail/MailText.test.ts"]

export const letIn: readonly Bug[] = [
  {
    what: "a port is shared with another process of the same user, which gets half of the pings",
    file: doors,
    original: "if (shared && port !== 0) await",
    replacement: "if (shared && port < 0) await",
    tests: ofDoors,
  },
  {
    what: "a port has one socket, so that behind a flood of connections jobs wait for seconds",
    file: doors,
    original: "count < most; count++",
    replacement: "count < 1; count++",
    tests: ofDoors,
  },
  {
    what: "connections that only stay keep jobs out",
    file: crowd,
    original: "exchange === undefined || !exchange.request.complete ||",
    replacement: "exchange === undefined ||",
    tests: ofNode,
  },
  {
    what: "whoever has just asked gives way before whoever has been silent",
    file: crowd,
    original: "if (this.#exchanges.delete(socket)) this.#exchanges.set",
    replacement: "if (this.#exchanges.has(socket)) this.#exchanges.set",
    tests: ofNode,
  },
  {
    what: "a request is cut off while it is being answered",
    file: crowd,
    original: "if (isWaitedFor(exchange)) {",
    replacement: "if (left > 0) {",
    tests: ofNode,
  },
  {
    what: "one stranger takes all places of mails, and the mails of jobs are refused",
    file: places,
    original: "taken >= Math.ceil(this.#most / 2)",
    replacement: "taken >= this.#most",
    tests: ["packages/server/test/mail"],
  },
  {
    what: "a place is not given back, so that mails are refused after a while",
    file: places,
    original: "    this.#sum--\n",
    replacement: "    this.#sum -= left === 0 ? 0 : 1\n",
    tests: ["packages/server/test/mail"],
  },
  {
    what: "places of a network are not given back, so that its mails are refused after a while",
    file: places,
    original: "else this.#taken.set(network, left)",
    replacement: "else this.#taken.set(network, left + 1)",
    tests: ["packages/server/test/mail"],
  },
  {
    what: "the mail of a job is parsed after all mails that a stranger has sent",
    file: "packages/server/src/mail/MailQueue.ts",
    original: "this.#spentBy(a) - this.#spentBy(b)",
    replacement: "this.#spentBy(b) - this.#spentBy(a)",
    tests: ofReader,
  },
  {
    what: "a mail that cannot be searched keeps all others waiting for ever",
    file: reader,
    original: "else if (job.isPlain) job.resolve(nothing)",
    replacement: "else if (job.isPlain) patient.add(job)",
    tests: ofReader,
  },
  {
    what: "a mail that cannot be parsed is not searched for what says that its job failed",
    file: reader,
    original: "else patient.add({ ...job, isPlain: true })",
    replacement: "else job.resolve(nothing)",
    tests: ofReader,
  },
  {
    what: "the mail of a job waits for three seconds while a hostile one is parsed",
    file: reader,
    original: "(job) => patient.add(job))",
    replacement: "(job) => job.resolve(nothing))",
    tests: ofReader,
  },
  {
    what: "a mail is not read where the machine can start no further process, though its source can be searched",
    file: reader,
    original: 'if (failure === "no worker") job.resolve(condensed(unread(job.raw), job.keywords))',
    replacement: 'if (failure === "no worker") job.resolve(nothing)',
    tests: ofReader,
  },
  {
    what: "a connection may ask for thousands of things at once, and everybody waits for half a minute",
    file: "packages/server/src/http/Pipeline.ts",
    original: "if (count > most ||",
    replacement: "if (count > 1000 * most ||",
    tests: ofNode,
  },
  {
    what: "whoever asks a little at a time, and never waits for an answer, fills the memory",
    file: "packages/server/src/http/Pipeline.ts",
    original: "|| unanswered() >= most) {",
    replacement: "|| unanswered() >= 1000 * most) {",
    tests: ofNode,
  },
  {
    what: "a connection is closed after a few requests, although it has had its answers",
    file: "packages/server/src/http/Crowd.ts",
    original: "exchange.unanswered--",
    replacement: "exchange.unanswered -= 0",
    tests: ofNode,
  },
  {
    what: "ten thousand pieces of a byte are taken one by one in one turn",
    file: "packages/server/src/http/Pieces.ts",
    original: "mine <= most &&",
    replacement: "mine <= 1000 * most &&",
    tests: ofNode,
  },
  {
    what: "a hundred connections may each bring thousands of pieces in one turn",
    file: "packages/server/src/http/Pieces.ts",
    original: "inTurn <= together",
    replacement: "inTurn <= 1000 * together",
    tests: ofNode,
  },
  {
    what: "whoever gets the parser of a connection that was cut off gets no body",
    file: "packages/server/src/http/Pieces.ts",
    original: "if (key !== undefined) parser[key] = take",
    replacement: "",
    tests: ofNode,
  },
  {
    what: "a body whose rest was thrown away is taken for a whole one",
    file: "packages/server/src/http/Bodies.ts",
    original: "if (this.#endings.has(request)) return end(tooManyPieces)",
    replacement: "",
    tests: ofNode,
  },
  {
    what: "a refusal is lost when the client goes on sending",
    file: "packages/server/src/http/NodeServer.ts",
    original: "Parting.afterLastAnswer(socket)",
    replacement: "",
    tests: ofNode,
  },
  {
    what: "a malformed request has its refusal thrown away when the client goes on sending",
    file: "packages/server/src/http/NodeServer.ts",
    original: "  Parting.part(socket)",
    replacement: "  socket.end()",
    tests: ofNode,
  },
  {
    what: "whoever is refused may go on sending for as long as he likes",
    file: "packages/server/src/http/Parting.ts",
    original: "if (left < 0) socket.destroy()",
    replacement: "",
    tests: ofNode,
  },
  {
    what: "mail from elsewhere finds the door closed, while one network keeps open what it was refused",
    file: "packages/server/src/mail/SmtpServer.ts",
    original: "return socket.destroySoon()",
    replacement: "return super.connect(...args)",
    tests: ["packages/server/test/mail/SmtpServer.test.ts"],
  },
  {
    what: "a network has all places for mail, one after the other",
    file: "packages/server/src/mail/SmtpServer.ts",
    original: 'socket.once("close", () => this.#places.leave(network))',
    replacement: "this.#places.leave(network)",
    tests: ["packages/server/test/mail/SmtpServer.test.ts"],
  },
  {
    what: "everybody who asks for the metrics has them made anew, and waits for all who asked before",
    file: "packages/server/src/http/SlicedBody.ts",
    original: "known.set(what, shared)",
    replacement: "",
    tests: ["packages/server/test/http/SlicedBody.test.ts"],
  },
  {
    what: "a list is given to who asked for it after it was begun, without what happened meanwhile",
    file: "packages/server/src/http/SlicedBody.ts",
    original: "      known.delete(what)\n",
    replacement: "",
    tests: ["packages/server/test/http/SlicedBody.test.ts"],
  },
  {
    what: "whoever shares a long answer is not told what it leaves out",
    file: "packages/server/src/http/SlicedBody.ts",
    original: "for (const error of shared.leftOut) leaveOut(error)",
    replacement: "",
    tests: ["packages/server/test/http/SlicedBody.test.ts"],
  },
]
