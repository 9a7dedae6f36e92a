/** Bounds of the agent, with their units. */

/** Seconds between two reports: the server takes 10 to 86,400 as the interval of a monitor, and less is for looking on. */
export const interval = { least: 1, usual: 60, most: 86_400 }

/** How many intervals may lie between two measurements; after more of them, rates would be of another time. */
export const gap = 3

/** How many processes are reported. */
export const processes = 20

/** How many disks, devices or interfaces are reported of each kind: a host of containers has thousands of interfaces. */
export const names = 100

/** Bytes of a report: the server takes so many. */
export const report = 65_536

/** Bytes of reports that wait in memory: at some 2 KB each, those of half a day at an interval of a minute. */
export const memory = 2_097_152

/** Bytes of reports that wait on disk. */
export const spool = 10_000_000

/** Reports that are sent in a row, and the milliseconds of rest after them: a server that is back has others to serve. */
export const batch = { reports: 10, rest: 1_000 }

/** Milliseconds between two tries, which double from the least to the most. */
export const backOff = { least: 1_000, most: 60_000 }

/** The longest `Retry-After` that is obeyed, in milliseconds: a slip of the server must not end the reports for good. */
export const retryAfter = 3_600_000

/** Milliseconds that one try may take. */
export const attempt = 10_000

/** Milliseconds that a report on its way may still take when the agent is told to end. */
export const farewell = 1_000

/** Milliseconds between the clocks of two machines that are taken for one: an answer may take ten seconds. */
export const clocks = 60_000

/** Milliseconds between two lines that say the same of a key, an address or a report that is wrong. */
export const reminder = 60_000
