/** The documentation of the operations on channels, and on alerts on their way to them. */
import { shownStatuses } from "@overdue/core/Delivery"
import * as Limits from "@overdue/core/Limits"
import { object } from "../../../../docs/JsonSchema.ts"
import { json, listOf, ref, type Doc } from "./Doc.ts"
import { details, string } from "./Parameters.ts"

const aDelivery = json("The alert.", ref("Delivery"))

/** By the ids of the operations, in their order. */
export const docs = {
  listChannels: {
    tag: "Channels",
    summary: "List channels",
    description: "Lists the channels, such as webhooks, that the project's checks can send alerts to.",
    query: details,
    answers: { 200: listOf("channels", "Channel") },
  },
  createChannel: {
    tag: "Channels",
    summary: "Create a channel",
    body: ref("ChannelInput"),
    answers: {
      201: json("The new channel. Its configuration is never returned: it may hold secrets.", ref("Channel")),
    },
  },
  updateChannel: {
    tag: "Channels",
    summary: "Update a channel",
    description:
      "Changes the fields that the request names. A `value` replaces the whole configuration; the kind stays.",
    body: ref("ChannelChange"),
    answers: { 200: json("The changed channel.", ref("Channel")) },
  },
  deleteChannel: {
    tag: "Channels",
    summary: "Delete a channel",
    answers: {
      200: json(
        "The deleted channel, as it was before; only its `id` when its record was damaged.",
        ref("Channel"),
      ),
    },
  },
  testChannel: {
    tag: "Channels",
    summary: "Test a channel",
    description:
      "Sends one alert about an example check. When it is delivered, the channel is taken for one that works again: it is enabled, and is sent what waits for it and what is still down that it was never told of.",
    answers: {
      200: json(
        "The test alert was delivered, or the channel is configured not to send it (`skipped`), and `error` says why.",
        {
          ...object({ result: { type: "string", enum: ["delivered", "skipped"] }, error: string }),
          required: ["result"],
        },
      ),
      502: json(
        "The test alert could not be delivered. `retry`: it may work later. `refused`: the receiver does not take this message. `permanent`: the receiver says that there is no such channel. `error` says why.",
        object({ result: { type: "string", enum: ["retry", "refused", "permanent"] }, error: string }),
      ),
    },
  },
  listDeliveries: {
    tag: "Channels",
    summary: "List alerts on their way to channels",
    description: "Lists what became of each alert and channel, newest first.",
    query: {
      check: { description: "Only alerts of this check: its id, unique key or slug.", schema: string },
      channel: { description: "Only alerts to this channel: its id or name.", schema: string },
      status: {
        description: "Only alerts of which this has become.",
        schema: { type: "string", enum: shownStatuses },
      },
      limit: {
        description: "At most so many.",
        schema: {
          type: "integer",
          minimum: 1,
          maximum: Limits.mostListed,
          default: Limits.deliveriesListed,
        },
      },
    },
    answers: {
      200: listOf("deliveries", "Delivery"),
      404: json("The project has no such check or channel.", ref("Error")),
    },
  },
  getDelivery: {
    tag: "Channels",
    summary: "Get an alert on its way to a channel",
    answers: { 200: aDelivery },
  },
  retryDelivery: {
    tag: "Channels",
    summary: "Send an alert again that was given up",
    answers: { 200: aDelivery, 409: json("The alert was not given up.", ref("Error")) },
  },
  dropDelivery: {
    tag: "Channels",
    summary: "Give up an alert",
    description: "It is not sent any more, until it is sent again by the call for that.",
    answers: { 200: aDelivery, 409: json("The alert has come to its end already.", ref("Error")) },
  },
} satisfies Readonly<Record<string, Doc>>
