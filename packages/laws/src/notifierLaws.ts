/**
 * The laws that every kind of channel over HTTP must keep, whatever the alerts, the value and the responses. Run under
 * vitest; each law is one sentence of its output.
 */
import { describe } from "vitest"
import { conversations } from "./notifier/Conversations.ts"
import { descriptions } from "./notifier/Descriptions.ts"
import type { LawfulNotifier, Sample } from "./notifier/LawfulNotifier.ts"
import { requests } from "./notifier/Requests.ts"
import * as Trial from "./notifier/Trial.ts"
import { values } from "./notifier/Values.ts"

export type {
  Conversation,
  LawfulNotifier,
  Links,
  Request,
  Response,
  Sample,
} from "./notifier/LawfulNotifier.ts"

/** Registers the laws for a kind of channel as tests. */
export const notifierLaws = <Config>(notifier: LawfulNotifier<Config>, sample: Sample): void => {
  const trial = Trial.make(notifier, sample)
  const { kind } = notifier.description
  describe(`the description of the kind ${kind}`, () => descriptions(trial))
  describe(`a value of the kind ${kind}`, () => values(trial))
  describe(`a request of the kind ${kind}`, () => requests(trial))
  describe(`a conversation of the kind ${kind}`, () => conversations(trial))
}
