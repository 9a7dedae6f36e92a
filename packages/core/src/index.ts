export * as Time from "./Time.ts"
