/** The documentation of the operations on projects and their API keys. */
import { json, listOf, ref, type Doc } from "./Doc.ts"
import { string } from "./Parameters.ts"

const aProject = json("The project.", ref("Project"))
const notOperator = json("The key is not the operator's.", ref("Error"))
const taken = json("The name, or the key, is taken.", ref("Error"))

/** By the ids of the operations, in their order. */
export const docs = {
  getOwnProject: {
    tag: "Projects",
    summary: "Get the project of the API key",
    answers: { 200: json("The project; its ping key only for a key that may write.", ref("OwnProject")) },
  },
  updateOwnProject: {
    tag: "Projects",
    summary: "Change the ping key or the badge key of the project of the API key",
    body: ref("OwnProjectChange"),
    answers: { 200: json("The project.", ref("OwnProject")), 409: taken },
  },
  listProjects: {
    tag: "Projects",
    summary: "List the projects of the installation",
    answers: { 200: listOf("projects", "Project"), 403: notOperator },
  },
  createProject: {
    tag: "Projects",
    summary: "Create a project",
    description: "The answer holds its two API keys as `api_key` and `api_key_readonly`, this once.",
    body: ref("ProjectInput"),
    answers: { 201: json("The new project.", ref("Project")), 403: notOperator, 409: taken },
  },
  getProject: { tag: "Projects", summary: "Get a project", answers: { 200: aProject, 403: notOperator } },
  updateProject: {
    tag: "Projects",
    summary: "Update a project",
    description: "Fields that are not in the request keep their values.",
    body: ref("ProjectChange"),
    answers: { 200: aProject, 403: notOperator, 409: taken },
  },
  deleteProject: {
    tag: "Projects",
    summary: "Delete a project with its checks, channels and keys",
    query: {
      confirm: {
        description: "The name of the project, or its id when its record is damaged, which must be given.",
        schema: string,
      },
    },
    answers: { 200: aProject, 400: json("That is not confirmed.", ref("Error")), 403: notOperator },
  },
  listKeys: {
    tag: "Projects",
    summary: "List the API keys of a project",
    description: "Of each key the first characters are known, and no more.",
    answers: { 200: listOf("keys", "Key"), 403: notOperator },
  },
  createKey: {
    tag: "Projects",
    summary: "Create an API key of a project",
    description: "The answer holds the whole key as `key`, this once.",
    body: ref("KeyInput"),
    answers: { 201: json("The new key.", ref("Key")), 403: notOperator, 409: taken },
  },
  deleteKey: {
    tag: "Projects",
    summary: "Delete an API key, which is refused at once",
    answers: {
      200: json("The key that was deleted; only its `id` when its record was damaged.", ref("Key")),
      403: notOperator,
    },
  },
} as const satisfies Readonly<Record<string, Doc>>
