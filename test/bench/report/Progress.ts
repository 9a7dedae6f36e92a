/** How far a benchmark has come, on a line of the terminal that is written over. */

/** Shows a text in place of the last one; an empty one takes it away. Without a terminal it shows nothing. */
export const show = (text: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`)
}
