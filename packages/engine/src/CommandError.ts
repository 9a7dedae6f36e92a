/** Errors of commands: facts about a request, each with a tag that every API dialect translates. */
import * as Schema from "effect/Schema"

/** There is no check with this id or slug. */
export class CheckNotFound extends Schema.TaggedError<CheckNotFound>()("CheckNotFound", {
  /** The id or slug that was asked for. */
  check: Schema.String,
}) {
  override get message(): string {
    return `no such check: ${this.check}`
  }
}

/** A threshold was to watch a server that the project does not have, or a check that is no server. */
export class ServerNotFound extends Schema.TaggedError<ServerNotFound>()("ServerNotFound", {
  server: Schema.String,
}) {
  override get message(): string {
    return `probe: expected the id of a server monitor of this project, not ${this.server}`
  }
}

/** The check belongs to a project for which the caller has no key. */
export class CheckForbidden extends Schema.TaggedError<CheckForbidden>()("CheckForbidden", {
  check: Schema.String,
}) {
  override get message(): string {
    return `check of another project: ${this.check}`
  }
}

/** Several checks of the project have this slug, so it names none of them. */
export class SlugAmbiguous extends Schema.TaggedError<SlugAmbiguous>()("SlugAmbiguous", {
  slug: Schema.String,
}) {
  override get message(): string {
    return `several checks have the slug ${this.slug}`
  }
}

/** A new check was to have an id, or the key of a badge, that another check has; of this project or of another. */
export class CheckExists extends Schema.TaggedError<CheckExists>()("CheckExists", {
  field: Schema.Literals(["id", "badge key"]),
  /** The id or the key. */
  taken: Schema.String,
}) {
  override get message(): string {
    return `there is a check with the ${this.field} ${this.taken} already`
  }
}

/** There is a channel of this name in the project, by which people and files name it. */
export class ChannelExists extends Schema.TaggedError<ChannelExists>()("ChannelExists", {
  name: Schema.String,
}) {
  override get message(): string {
    return `there is a channel ${JSON.stringify(this.name)} already; give this one another name`
  }
}

/** There is a project of this name in the installation, by which people and commands name it. */
export class ProjectExists extends Schema.TaggedError<ProjectExists>()("ProjectExists", {
  name: Schema.String,
}) {
  override get message(): string {
    return `there is a project ${JSON.stringify(this.name)} already; choose another name`
  }
}

/** There is an API key that is the same; of this project or of another. */
export class KeyExists extends Schema.TaggedError<KeyExists>()("KeyExists", {}) {
  override get message(): string {
    return "the key exists already; the list of keys shows those of a project"
  }
}

/** A key in the addresses of one project, of its pings or badges, was to be that of another as well. */
export class UrlKeyTaken extends Schema.TaggedError<UrlKeyTaken>()("UrlKeyTaken", {
  field: Schema.Literals(["ping key", "badge key"]),
}) {
  override get message(): string {
    return `another project has this ${this.field}; choose another one`
  }
}

/** The project has no API key with this id. */
export class KeyNotFound extends Schema.TaggedError<KeyNotFound>()("KeyNotFound", {
  key: Schema.String,
}) {
  override get message(): string {
    return `no such key: ${this.key}`
  }
}

/** The project has as many checks as it may have. */
export class CheckLimitReached extends Schema.TaggedError<CheckLimitReached>()("CheckLimitReached", {
  limit: Schema.Int,
}) {
  override get message(): string {
    return `the project has its ${this.limit} checks already`
  }
}

/** The check has had as many signals in the last minute as the operator allows. */
export class RateLimited extends Schema.TaggedError<RateLimited>()("RateLimited", {
  /** Whole seconds until the next signal is accepted. */
  seconds: Schema.Int,
}) {
  override get message(): string {
    return `too many signals for one check; the next one is taken in ${this.seconds} s`
  }
}

/** A field of a signal that was given in process is invalid. */
export class SignalInvalid extends Schema.TaggedError<SignalInvalid>()("SignalInvalid", {
  field: Schema.Literals(["rid", "exitStatus", "key"]),
  expected: Schema.String,
}) {
  override get message(): string {
    return `${this.field}: expected ${this.expected}`
  }
}

/** The check to resume is not paused. */
export class CheckNotPaused extends Schema.TaggedError<CheckNotPaused>()("CheckNotPaused", {
  check: Schema.String,
}) {
  override get message(): string {
    return `check is not paused: ${this.check}`
  }
}

/** The project has no channel with this id. */
export class ChannelNotFound extends Schema.TaggedError<ChannelNotFound>()("ChannelNotFound", {
  channel: Schema.String,
}) {
  override get message(): string {
    return `no such channel: ${this.channel}`
  }
}

/** The project has no delivery with this id. */
export class DeliveryNotFound extends Schema.TaggedError<DeliveryNotFound>()("DeliveryNotFound", {
  delivery: Schema.String,
}) {
  override get message(): string {
    return `no such alert: ${this.delivery}`
  }
}

/** The delivery has come to an end at which this cannot be done with it. */
export class DeliverySettled extends Schema.TaggedError<DeliverySettled>()("DeliverySettled", {
  delivery: Schema.String,
  /** What has become of it. */
  status: Schema.String,
}) {
  override get message(): string {
    return `the alert is ${this.status} already`
  }
}

/** There is no project with this id. */
export class ProjectNotFound extends Schema.TaggedError<ProjectNotFound>()("ProjectNotFound", {
  project: Schema.String,
}) {
  override get message(): string {
    return `no such project: ${this.project}`
  }
}

/** The project has no group with this id. */
export class GroupNotFound extends Schema.TaggedError<GroupNotFound>()("GroupNotFound", {
  group: Schema.String,
}) {
  override get message(): string {
    return `no such group: ${this.group}`
  }
}
