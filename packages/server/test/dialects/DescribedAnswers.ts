/** Answers, compared with what an OpenAPI document says of them. */
import { Ajv2020 } from "ajv/dist/2020.js"
import * as formats from "ajv-formats"
import { expect } from "vitest"
import type { Answer, Document } from "../../../../test/kit/HttpHost.ts"

export class DescribedAnswers {
  readonly #document: Document
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true })

  constructor(document: Document) {
    this.#document = document
    formats.default.default(this.#ajv)
    this.#ajv.addSchema({ $id: "openapi", ...document })
  }

  /** Compares the answer of an operation, and returns its document; `undefined` when it is none in JSON. */
  compare(method: string, template: string, answer: Answer): Document {
    const { status, text } = answer
    const described = this.#document.paths[template][method.toLowerCase()].responses[status]
    expect([template, status, described]).toEqual([template, status, expect.anything()])
    const [type, content] = Object.entries<Document>(described.content ?? { "": {} })[0]!
    if (type === "") expect([template, text]).toEqual([template, ""])
    if (type !== "application/json") return undefined
    const pointer = JSON.stringify(content.schema).replaceAll('"#/', '"openapi#/')
    const validate = this.#ajv.compile(JSON.parse(pointer))
    expect([template, validate(answer.json()), validate.errors, text]).toEqual([template, true, null, text])
    return answer.json()
  }
}
