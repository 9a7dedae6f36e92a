import { storeLaws } from "@overdue/laws/storeLaws"
import * as Postgres from "@overdue/storage/Postgres"
import { afterAll, beforeAll, describe } from "vitest"
import * as Server from "./Server.ts"

const obstacle = Server.obstacle()

describe.skipIf(obstacle !== undefined)(`PostgreSQL${obstacle ? ` (${obstacle})` : ""}`, () => {
  let server: Server.Server
  beforeAll(async () => {
    server = await Server.start()
  })
  afterAll(() => server?.stop())

  storeLaws("the store in PostgreSQL", {
    place: () => {
      const address = server.address()
      return () => Postgres.layer({ address })
    },
  })
})
