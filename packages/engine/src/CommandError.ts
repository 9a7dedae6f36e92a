/** Why a command was refused: facts about the request, each with a tag that a dialect can translate. */
import * as Schema from "effect/Schema"

export class CheckNotFound extends Schema.TaggedError<CheckNotFound>()("CheckNotFound", {
  /** The id or slug that was asked for. */
  check: Schema.String,
}) {
  override get message(): string {
    return `no such check: ${this.check}`
  }
}

/** The check exists, in a project that the caller has no key to. */
export class CheckForbidden extends Schema.TaggedError<CheckForbidden>()("CheckForbidden", {
  check: Schema.String,
}) {
  override get message(): string {
    return `check of another project: ${this.check}`
  }
}

/** Several checks of the project have this slug. */
export class SlugAmbiguous extends Schema.TaggedError<SlugAmbiguous>()("SlugAmbiguous", {
  slug: Schema.String,
}) {
  override get message(): string {
    return `several checks have the slug ${this.slug}`
  }
}

export class CheckLimitReached extends Schema.TaggedError<CheckLimitReached>()("CheckLimitReached", {
  limit: Schema.Int,
}) {
  override get message(): string {
    return `the project has its ${this.limit} checks already`
  }
}

/** The check has had as many signals in the last minute as the operator allows. */
export class RateLimited extends Schema.TaggedError<RateLimited>()("RateLimited", {
  /** Whole seconds until the next one is taken. */
  seconds: Schema.Int,
}) {
  override get message(): string {
    return `too many signals for one check; the next one is taken in ${this.seconds} s`
  }
}

/** A signal that was given in process is not what it must be. */
export class SignalInvalid extends Schema.TaggedError<SignalInvalid>()("SignalInvalid", {
  field: Schema.Literals(["rid", "exitStatus"]),
  expected: Schema.String,
}) {
  override get message(): string {
    return `${this.field}: expected ${this.expected}`
  }
}

export class CheckNotPaused extends Schema.TaggedError<CheckNotPaused>()("CheckNotPaused", {
  check: Schema.String,
}) {
  override get message(): string {
    return `check is not paused: ${this.check}`
  }
}

export class ChannelNotFound extends Schema.TaggedError<ChannelNotFound>()("ChannelNotFound", {
  channel: Schema.String,
}) {
  override get message(): string {
    return `no such channel: ${this.channel}`
  }
}

export class ProjectNotFound extends Schema.TaggedError<ProjectNotFound>()("ProjectNotFound", {
  project: Schema.String,
}) {
  override get message(): string {
    return `no such project: ${this.project}`
  }
}
