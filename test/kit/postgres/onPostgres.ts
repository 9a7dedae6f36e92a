/** Tests that need a PostgreSQL server. */
import { describe } from "vitest"
import { Unavailable } from "./Binaries.ts"
import * as Databases from "./Databases.ts"

/** Whether whoever reads the result of the tests would miss that some were skipped. */
const isUnattended = ![undefined, "", "0", "false"].includes(process.env["CI"])

/**
 * Describes a situation on PostgreSQL. Where no server can run, its tests are skipped and the reason is said, also in the
 * summary of `pnpm test`; with `CI` in the environment they fail.
 */
export const onPostgres = async (
  name: string,
  body: (databases: Databases.Databases) => void,
): Promise<void> => {
  try {
    const databases = await Databases.open()
    describe(name, () => body(databases))
  } catch (cause) {
    if (!(cause instanceof Unavailable) || isUnattended) throw cause
    console.log(`SKIPPED, as no PostgreSQL can run: ${name}. The reason: ${cause.message}`)
    describe.skip(name, () => body(nowhere))
  }
}

const nowhere: Databases.Databases = {
  url: "postgres://nowhere",
  fresh: () => {
    throw new Error("there is no server")
  },
  [Symbol.asyncDispose]: async () => {},
}
