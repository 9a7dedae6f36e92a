/** How soon clients may try again what the server cannot do now, in every answer that says so. */

const seconds = "5"

/** Returns the sentence that says why, and when to try again. */
export const sentence = (why: string): string => `${why}; try again in ${seconds} seconds`

/** What `sentence` says, for programs. */
export const headers = { "retry-after": seconds } as const

/** The sentence for a store that fails. */
export const noDatabase = sentence("the database cannot be used now")
