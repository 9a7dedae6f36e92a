/** A dialect for tests: it says what it was asked, and has a door of each kind. */
import type { Dialect } from "@overdue/server/dialects/Dialect"
import { empty, json, text } from "@overdue/server/http/Http"
import { Site } from "@overdue/server/Site"
import * as Effect from "effect/Effect"

export const dialect: Dialect = {
  name: "echo",
  title: "Echo",
  mount: "/echo",
  hosts: [],
  routes: [
    {
      name: "direct",
      open: () => (inbound, done) => {
        if (inbound.path !== "/direct") return false
        done(text(200, "without a fiber"))
        return true
      },
    },
    { name: "front page", path: "/", handle: () => Effect.succeed(empty(302, { location: "/home?x=1" })) },
    {
      name: "home",
      path: "/home*",
      handle: Effect.fnUntraced(function* ({ path, query, host }) {
        return json(200, { path, query, host, root: (yield* Site).root })
      }),
    },
    { name: "elsewhere", path: "/away", handle: () => Effect.succeed(empty(302, { location: "//x.test/" })) },
    {
      name: "broken door",
      path: "/broken/*",
      handle: ({ path }) => Effect.die(new Error(`is at fault`, { cause: path.length })),
    },
    {
      name: "door that is broken at once",
      path: "/thrown",
      handle: () => {
        throw new Error("is at fault before it has begun")
      },
    },
    {
      name: "late direct door",
      open: () => (inbound, done) => {
        if (inbound.path !== "/late") return false
        return inbound.body(10).then(({ bytes }) => {
          if (bytes.length > 5) throw new Error("is at fault later")
          done(text(200, `${bytes.length} bytes`))
        })
      },
    },
    {
      name: "broken direct door",
      open: () => (inbound) => {
        if (inbound.path !== "/broken-at-once") return false
        throw new Error("is at fault at once")
      },
    },
  ],
}
