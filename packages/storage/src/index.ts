/** The stores that remember on disk, one namespace a database. */
export * as Sqlite from "./Sqlite.ts"
