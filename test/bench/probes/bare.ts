/** The least that can ask so many targets so often: a timer for each, and nothing is kept. The peer of a benchmark. */
import { get } from "node:http"

const [url = "", count = "0", every = "0"] = process.argv.slice(2)

for (let n = 0; n < Number(count); n++) {
  const ask = (): void => {
    get(`${url}/${n}`, { agent: false }, (response) => response.resume()).on("error", () => {})
  }
  setTimeout(
    () => {
      ask()
      setInterval(ask, Number(every))
    },
    (n * Number(every)) / Number(count),
  )
}
