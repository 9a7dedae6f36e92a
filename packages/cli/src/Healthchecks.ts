/** A server of Healthchecks, with which commands work as well, as far as it has what they ask for. */
import { ClientError, type Management } from "@overdue/client/management"

/**
 * Returns whether the server is one of Healthchecks, which speaks the API and knows of no project. Rejects as the
 * management API does when it cannot be told.
 */
export const isOne = async (api: Management): Promise<boolean> => {
  try {
    await api.project.get()
    return false
  } catch (error) {
    if (!(error instanceof ClientError) || error._tag !== "NotFound") throw error
  }
  // A server that has nothing at all is something else.
  await api.status()
  return true
}

/** What it says of a new check, which a server of Overdue arms unless it is told otherwise. */
export const unarmed = {
  text: "the server is one of Healthchecks, which expects nothing of a new check before its first ping",
}
