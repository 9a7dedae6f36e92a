export * as Http from "./Http.ts"
export * as NodeServer from "./NodeServer.ts"
export * as Server from "./Server.ts"
export * as Site from "./Site.ts"
