/** Suites of laws for stores and notifiers. They run under vitest, with one sentence of output for each law. */
export { notifierLaws } from "./notifierLaws.ts"
export { storeLaws } from "./storeLaws.ts"
