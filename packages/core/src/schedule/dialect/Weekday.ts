/** Weekdays as cron names and numbers them. */

/** By number: Sunday is 0. */
export const names = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]

/** Returns the number of a weekday by its English name, short or long, in any case; −1 when it is none. */
export const number = (name: string): number => names.indexOf(name.slice(0, 3).toUpperCase())
