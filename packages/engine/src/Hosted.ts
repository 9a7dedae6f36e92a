/** What is read of the runtime where it is Node or one like it. Each part is looked for before it is used. */
interface Runtime {
  readonly performance?: { readonly eventLoopUtilization?: () => { readonly idle: number } }
  readonly process?: {
    readonly getBuiltinModule?: (name: "node:os") => { readonly uptime: () => number } | undefined
    /** In microseconds. */
    readonly cpuUsage?: () => { readonly user: number; readonly system: number }
    /** In bytes. */
    readonly memoryUsage?: () => { readonly rss: number; readonly heapUsed: number }
    /** In seconds. */
    readonly uptime?: () => number
  }
}

const runtime = globalThis as Runtime // safe because every part of it is optional

/** The process as the runtime tells of it; `undefined` where it tells nothing. */
export const hosted = runtime.process

/**
 * Returns for how long the event loop has waited for something to happen, in milliseconds; `undefined` where the runtime
 * does not tell.
 */
export const loopIdle = (): number | undefined => runtime.performance?.eventLoopUtilization?.().idle
