import { storeLaws } from "@overdue/laws/storeLaws"
import * as Postgres from "@overdue/storage/Postgres"
import * as Databases from "../../../../test/kit/postgres/Databases.ts"
import { onPostgres } from "../../../../test/kit/postgres/onPostgres.ts"

await onPostgres("PostgreSQL", (databases) => {
  storeLaws("the store in PostgreSQL", {
    place: () => {
      const address = Databases.address(databases.fresh())
      return () => Postgres.layer({ address })
    },
  })
})
