/** The world that a command may touch: its environment, and the three streams of its process. */

/** A stream to write to; `columns` and `isTTY` are there when it is a terminal. */
export type Output = NodeJS.WritableStream & {
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
}

/** The environment variables that a command may read. */
export type Environment = Readonly<Record<string, string | undefined>>

/** What a command gets from the process that runs it. */
export interface Io {
  readonly environment: Environment
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean | undefined }
  readonly stdout: Output
  readonly stderr: Output
}
