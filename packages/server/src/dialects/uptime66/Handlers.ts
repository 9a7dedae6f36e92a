/** The endpoints of notification handlers: the channels of the project, which can be looked at here, not changed. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as JsonSchema from "../../docs/JsonSchema.ts"
import { NotFound, type Endpoint, type Request } from "../../rest/Endpoint.ts"
import * as Shapes from "../../rest/Shapes.ts"
import * as Answers from "./Answers.ts"
import * as DateText from "./DateText.ts"
import * as Pages from "./Pages.ts"
import * as Surroundings from "./Surroundings.ts"

const path = "/api/notification-handlers"

/** A notification handler as answers have it. */
export const Output = Schema.Struct({
  id: Shapes.count,
  type: Schema.String,
  name: Schema.String,
  settings: Schema.Struct({}).annotate({ description: "Empty: they hold addresses and tokens." }),
  is_enabled: Schema.Boolean,
  last_datetime: Schema.Null,
  datetime: DateText.schema.annotate({ description: "When it was created." }),
})

const show = ({ channel, serial }: Surroundings.Handler): typeof Output.Type => ({
  id: serial,
  type: channel.kind,
  name: channel.name,
  // They hold addresses and tokens, which are nobody's to read.
  settings: {},
  is_enabled: channel.disabled === undefined,
  last_datetime: null,
  datetime: DateText.of(channel.createdAt),
})

const list = Effect.fnUntraced(function* (request: Request) {
  const handlers = yield* Surroundings.handlers(request.project.id)
  return yield* Pages.ofAll(handlers, request, { path, show })
})

const get = Effect.fnUntraced(function* (request: Request) {
  const number = Number(request.path["serial"])
  const handlers = yield* Surroundings.handlers(request.project.id)
  const found = handlers.find(({ serial }) => serial === number)
  return found === undefined
    ? yield* new NotFound({ what: "Notification handler" })
    : Answers.data(show(found))
})

/** The endpoints. */
export const endpoints: readonly Endpoint[] = [
  {
    path,
    methods: {
      GET: {
        id: "listNotificationHandlers",
        access: "read",
        doc: {
          summary: "List notification handlers",
          query: Pages.parameters,
          answer: "A page of notification handlers, with links to the others.",
          shape: Pages.shape("NotificationHandler"),
        },
        isLong: true,
        run: list,
      },
    },
  },
  {
    path: `${path}/{serial}`,
    methods: {
      GET: {
        id: "getNotificationHandler",
        access: "read",
        doc: {
          summary: "Get a notification handler",
          answer: "The notification handler.",
          shape: Answers.dataOf(JsonSchema.ref("NotificationHandler")),
        },
        run: get,
      },
    },
  },
]
