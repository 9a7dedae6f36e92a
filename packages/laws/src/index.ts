/** The suites that any store or notifier can be held to. They run under vitest; each law is one sentence of its output. */
export { notifierLaws } from "./notifierLaws.ts"
export { storeLaws } from "./storeLaws.ts"
