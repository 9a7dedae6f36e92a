/** The stores that remember on disk, one namespace a database. */
export * as EffectSql from "./EffectSql.ts"
export * as Sqlite from "./Sqlite.ts"
