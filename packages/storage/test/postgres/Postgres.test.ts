import { storeLaws } from "@overdue/laws/storeLaws"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { afterAll, beforeAll, describe } from "vitest"
import * as Postgres from "./Postgres.ts"
import * as Server from "./Server.ts"

const obstacle = Server.obstacle()

describe.skipIf(obstacle !== undefined)(
  `the flavour of PostgreSQL${obstacle ? ` (${obstacle})` : ""}`,
  () => {
    let server: Server.Server
    beforeAll(async () => {
      server = await Server.start()
    })
    afterAll(() => server?.stop())

    storeLaws("PostgreSQL", {
      place: () => {
        const schema = server.schema()
        return () =>
          Layer.unwrap(
            Effect.map(
              Effect.promise(() => schema),
              Postgres.layer,
            ),
          )
      },
    })
  },
)
