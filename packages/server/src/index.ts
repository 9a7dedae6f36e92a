export * as Http from "./http/Http.ts"
export * as NodeServer from "./http/NodeServer.ts"
export * as Server from "./Server.ts"
export * as Site from "./Site.ts"
