import { createRequire } from "node:module";
import * as os from "os";
import { EOL } from "os";
import * as crypto from "crypto";
import * as fs from "fs";
import { constants, promises } from "fs";
import { setTimeout as setTimeout$1 } from "node:timers/promises";
var __create = Object.create;
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __getProtoOf = Object.getPrototypeOf;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __commonJSMin = (cb, mod) => () => (mod || (cb((mod = { exports: {} }).exports, mod, mod.exports), cb = null), mod.exports);
var __exportAll = (all, flags) => {
	let target = Object.setPrototypeOf({}, null);
	for (var name in all) __defProp(target, name, {
		get: all[name],
		enumerable: true
	});
	if (!(flags & 1)) __defProp(target, Symbol.toStringTag, { value: "Module" });
	return flags & 2 ? target : Object.preventExtensions(target);
};
var __copyProps = (to, from, except, desc) => {
	if (from && typeof from === "object" || typeof from === "function") for (var keys = __getOwnPropNames(from), i = 0, n = keys.length, key; i < n; i++) {
		key = keys[i];
		if (!__hasOwnProp.call(to, key) && key !== except) __defProp(to, key, {
			get: ((k) => from[k]).bind(null, key),
			enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable
		});
	}
	return to;
};
var __toESM = (mod, isNodeMode, target) => (target = mod != null ? __create(__getProtoOf(mod)) : {}, __copyProps(isNodeMode || !mod || !mod.__esModule || !__hasOwnProp.call(mod, "default") ? __defProp(target, "default", {
	value: mod,
	enumerable: true
}) : target, mod));
var __require = /* #__PURE__ */ (() => createRequire(import.meta.url))();
/**
* Sanitizes an input into a string so it can be passed into issueCommand safely
* @param input input to sanitize into a string
*/
function toCommandValue(input) {
	if (input === null || input === void 0) return "";
	else if (typeof input === "string" || input instanceof String) return input;
	return JSON.stringify(input);
}
/**
*
* @param annotationProperties
* @returns The command properties to send with the actual annotation command
* See IssueCommandProperties: https://github.com/actions/runner/blob/main/src/Runner.Worker/ActionCommandManager.cs#L646
*/
function toCommandProperties(annotationProperties) {
	if (!Object.keys(annotationProperties).length) return {};
	return {
		title: annotationProperties.title,
		file: annotationProperties.file,
		line: annotationProperties.startLine,
		endLine: annotationProperties.endLine,
		col: annotationProperties.startColumn,
		endColumn: annotationProperties.endColumn
	};
}
/**
* Issues a command to the GitHub Actions runner
*
* @param command - The command name to issue
* @param properties - Additional properties for the command (key-value pairs)
* @param message - The message to include with the command
* @remarks
* This function outputs a specially formatted string to stdout that the Actions
* runner interprets as a command. These commands can control workflow behavior,
* set outputs, create annotations, mask values, and more.
*
* Command Format:
*   ::name key=value,key=value::message
*
* @example
* ```typescript
* // Issue a warning annotation
* issueCommand('warning', {}, 'This is a warning message');
* // Output: ::warning::This is a warning message
*
* // Set an environment variable
* issueCommand('set-env', { name: 'MY_VAR' }, 'some value');
* // Output: ::set-env name=MY_VAR::some value
*
* // Add a secret mask
* issueCommand('add-mask', {}, 'secretValue123');
* // Output: ::add-mask::secretValue123
* ```
*
* @internal
* This is an internal utility function that powers the public API functions
* such as setSecret, warning, error, and exportVariable.
*/
function issueCommand(command, properties, message) {
	const cmd = new Command(command, properties, message);
	process.stdout.write(cmd.toString() + os.EOL);
}
const CMD_STRING = "::";
var Command = class {
	constructor(command, properties, message) {
		if (!command) command = "missing.command";
		this.command = command;
		this.properties = properties;
		this.message = message;
	}
	toString() {
		let cmdStr = CMD_STRING + this.command;
		if (this.properties && Object.keys(this.properties).length > 0) {
			cmdStr += " ";
			let first = true;
			for (const key in this.properties) if (this.properties.hasOwnProperty(key)) {
				const val = this.properties[key];
				if (val) {
					if (first) first = false;
					else cmdStr += ",";
					cmdStr += `${key}=${escapeProperty(val)}`;
				}
			}
		}
		cmdStr += `${CMD_STRING}${escapeData(this.message)}`;
		return cmdStr;
	}
};
function escapeData(s) {
	return toCommandValue(s).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}
function escapeProperty(s) {
	return toCommandValue(s).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A").replace(/:/g, "%3A").replace(/,/g, "%2C");
}
function issueFileCommand(command, message) {
	const filePath = process.env[`GITHUB_${command}`];
	if (!filePath) throw new Error(`Unable to find environment variable for file command ${command}`);
	if (!fs.existsSync(filePath)) throw new Error(`Missing file at path: ${filePath}`);
	fs.appendFileSync(filePath, `${toCommandValue(message)}${os.EOL}`, { encoding: "utf8" });
}
function prepareKeyValueMessage(key, value) {
	const delimiter = `ghadelimiter_${crypto.randomUUID()}`;
	const convertedValue = toCommandValue(value);
	if (key.includes(delimiter)) throw new Error(`Unexpected input: name should not contain the delimiter "${delimiter}"`);
	if (convertedValue.includes(delimiter)) throw new Error(`Unexpected input: value should not contain the delimiter "${delimiter}"`);
	return `${key}<<${delimiter}${os.EOL}${convertedValue}${os.EOL}${delimiter}`;
}
var _http_exports = /* @__PURE__ */ __exportAll({
	Agent: () => Agent$1,
	globalAgent: () => globalAgent$1,
	request: () => request$1
});
const { Agent: Agent$1, globalAgent: globalAgent$1, request: request$1 } = process.getBuiltinModule("node:http");
var _https_exports = /* @__PURE__ */ __exportAll({
	Agent: () => Agent,
	globalAgent: () => globalAgent,
	request: () => request
});
const { Agent, globalAgent, request } = process.getBuiltinModule("node:https");
function getProxyUrl(reqUrl) {
	const usingSsl = reqUrl.protocol === "https:";
	if (checkBypass(reqUrl)) return;
	const proxyVar = (() => {
		if (usingSsl) return process.env["https_proxy"] || process.env["HTTPS_PROXY"];
		else return process.env["http_proxy"] || process.env["HTTP_PROXY"];
	})();
	if (proxyVar) try {
		return new DecodedURL(proxyVar);
	} catch (_a) {
		if (!proxyVar.startsWith("http://") && !proxyVar.startsWith("https://")) return new DecodedURL(`http://${proxyVar}`);
	}
	else return;
}
function checkBypass(reqUrl) {
	if (!reqUrl.hostname) return false;
	const reqHost = reqUrl.hostname;
	if (isLoopbackAddress(reqHost)) return true;
	const noProxy = process.env["no_proxy"] || process.env["NO_PROXY"] || "";
	if (!noProxy) return false;
	let reqPort;
	if (reqUrl.port) reqPort = Number(reqUrl.port);
	else if (reqUrl.protocol === "http:") reqPort = 80;
	else if (reqUrl.protocol === "https:") reqPort = 443;
	const upperReqHosts = [reqUrl.hostname.toUpperCase()];
	if (typeof reqPort === "number") upperReqHosts.push(`${upperReqHosts[0]}:${reqPort}`);
	for (const upperNoProxyItem of noProxy.split(",").map((x) => x.trim().toUpperCase()).filter((x) => x)) if (upperNoProxyItem === "*" || upperReqHosts.some((x) => x === upperNoProxyItem || x.endsWith(`.${upperNoProxyItem}`) || upperNoProxyItem.startsWith(".") && x.endsWith(`${upperNoProxyItem}`))) return true;
	return false;
}
function isLoopbackAddress(host) {
	const hostLower = host.toLowerCase();
	return hostLower === "localhost" || hostLower.startsWith("127.") || hostLower.startsWith("[::1]") || hostLower.startsWith("[0:0:0:0:0:0:0:1]");
}
var DecodedURL = class extends URL {
	constructor(url, base) {
		super(url, base);
		this._decodedUsername = decodeURIComponent(super.username);
		this._decodedPassword = decodeURIComponent(super.password);
	}
	get username() {
		return this._decodedUsername;
	}
	get password() {
		return this._decodedPassword;
	}
};
var require_tunnel$1 = /* @__PURE__ */ __commonJSMin(((exports) => {
	__require("net");
	var tls = __require("tls");
	var http = __require("http");
	var https = __require("https");
	var events = __require("events");
	__require("assert");
	var util = __require("util");
	exports.httpOverHttp = httpOverHttp;
	exports.httpsOverHttp = httpsOverHttp;
	exports.httpOverHttps = httpOverHttps;
	exports.httpsOverHttps = httpsOverHttps;
	function httpOverHttp(options) {
		var agent = new TunnelingAgent(options);
		agent.request = http.request;
		return agent;
	}
	function httpsOverHttp(options) {
		var agent = new TunnelingAgent(options);
		agent.request = http.request;
		agent.createSocket = createSecureSocket;
		agent.defaultPort = 443;
		return agent;
	}
	function httpOverHttps(options) {
		var agent = new TunnelingAgent(options);
		agent.request = https.request;
		return agent;
	}
	function httpsOverHttps(options) {
		var agent = new TunnelingAgent(options);
		agent.request = https.request;
		agent.createSocket = createSecureSocket;
		agent.defaultPort = 443;
		return agent;
	}
	function TunnelingAgent(options) {
		var self = this;
		self.options = options || {};
		self.proxyOptions = self.options.proxy || {};
		self.maxSockets = self.options.maxSockets || http.Agent.defaultMaxSockets;
		self.requests = [];
		self.sockets = [];
		self.on("free", function onFree(socket, host, port, localAddress) {
			var options = toOptions(host, port, localAddress);
			for (var i = 0, len = self.requests.length; i < len; ++i) {
				var pending = self.requests[i];
				if (pending.host === options.host && pending.port === options.port) {
					self.requests.splice(i, 1);
					pending.request.onSocket(socket);
					return;
				}
			}
			socket.destroy();
			self.removeSocket(socket);
		});
	}
	util.inherits(TunnelingAgent, events.EventEmitter);
	TunnelingAgent.prototype.addRequest = function addRequest(req, host, port, localAddress) {
		var self = this;
		var options = mergeOptions({ request: req }, self.options, toOptions(host, port, localAddress));
		if (self.sockets.length >= this.maxSockets) {
			self.requests.push(options);
			return;
		}
		self.createSocket(options, function(socket) {
			socket.on("free", onFree);
			socket.on("close", onCloseOrRemove);
			socket.on("agentRemove", onCloseOrRemove);
			req.onSocket(socket);
			function onFree() {
				self.emit("free", socket, options);
			}
			function onCloseOrRemove(err) {
				self.removeSocket(socket);
				socket.removeListener("free", onFree);
				socket.removeListener("close", onCloseOrRemove);
				socket.removeListener("agentRemove", onCloseOrRemove);
			}
		});
	};
	TunnelingAgent.prototype.createSocket = function createSocket(options, cb) {
		var self = this;
		var placeholder = {};
		self.sockets.push(placeholder);
		var connectOptions = mergeOptions({}, self.proxyOptions, {
			method: "CONNECT",
			path: options.host + ":" + options.port,
			agent: false,
			headers: { host: options.host + ":" + options.port }
		});
		if (options.localAddress) connectOptions.localAddress = options.localAddress;
		if (connectOptions.proxyAuth) {
			connectOptions.headers = connectOptions.headers || {};
			connectOptions.headers["Proxy-Authorization"] = "Basic " + new Buffer(connectOptions.proxyAuth).toString("base64");
		}
		debug("making CONNECT request");
		var connectReq = self.request(connectOptions);
		connectReq.useChunkedEncodingByDefault = false;
		connectReq.once("response", onResponse);
		connectReq.once("upgrade", onUpgrade);
		connectReq.once("connect", onConnect);
		connectReq.once("error", onError);
		connectReq.end();
		function onResponse(res) {
			res.upgrade = true;
		}
		function onUpgrade(res, socket, head) {
			process.nextTick(function() {
				onConnect(res, socket, head);
			});
		}
		function onConnect(res, socket, head) {
			connectReq.removeAllListeners();
			socket.removeAllListeners();
			if (res.statusCode !== 200) {
				debug("tunneling socket could not be established, statusCode=%d", res.statusCode);
				socket.destroy();
				var error = /* @__PURE__ */ new Error("tunneling socket could not be established, statusCode=" + res.statusCode);
				error.code = "ECONNRESET";
				options.request.emit("error", error);
				self.removeSocket(placeholder);
				return;
			}
			if (head.length > 0) {
				debug("got illegal response body from proxy");
				socket.destroy();
				var error = /* @__PURE__ */ new Error("got illegal response body from proxy");
				error.code = "ECONNRESET";
				options.request.emit("error", error);
				self.removeSocket(placeholder);
				return;
			}
			debug("tunneling connection has established");
			self.sockets[self.sockets.indexOf(placeholder)] = socket;
			return cb(socket);
		}
		function onError(cause) {
			connectReq.removeAllListeners();
			debug("tunneling socket could not be established, cause=%s\n", cause.message, cause.stack);
			var error = /* @__PURE__ */ new Error("tunneling socket could not be established, cause=" + cause.message);
			error.code = "ECONNRESET";
			options.request.emit("error", error);
			self.removeSocket(placeholder);
		}
	};
	TunnelingAgent.prototype.removeSocket = function removeSocket(socket) {
		var pos = this.sockets.indexOf(socket);
		if (pos === -1) return;
		this.sockets.splice(pos, 1);
		var pending = this.requests.shift();
		if (pending) this.createSocket(pending, function(socket) {
			pending.request.onSocket(socket);
		});
	};
	function createSecureSocket(options, cb) {
		var self = this;
		TunnelingAgent.prototype.createSocket.call(self, options, function(socket) {
			var hostHeader = options.request.getHeader("host");
			var tlsOptions = mergeOptions({}, self.options, {
				socket,
				servername: hostHeader ? hostHeader.replace(/:.*$/, "") : options.host
			});
			var secureSocket = tls.connect(0, tlsOptions);
			self.sockets[self.sockets.indexOf(socket)] = secureSocket;
			cb(secureSocket);
		});
	}
	function toOptions(host, port, localAddress) {
		if (typeof host === "string") return {
			host,
			port,
			localAddress
		};
		return host;
	}
	function mergeOptions(target) {
		for (var i = 1, len = arguments.length; i < len; ++i) {
			var overrides = arguments[i];
			if (typeof overrides === "object") {
				var keys = Object.keys(overrides);
				for (var j = 0, keyLen = keys.length; j < keyLen; ++j) {
					var k = keys[j];
					if (overrides[k] !== void 0) target[k] = overrides[k];
				}
			}
		}
		return target;
	}
	var debug;
	if (process.env.NODE_DEBUG && /\btunnel\b/.test(process.env.NODE_DEBUG)) debug = function() {
		var args = Array.prototype.slice.call(arguments);
		if (typeof args[0] === "string") args[0] = "TUNNEL: " + args[0];
		else args.unshift("TUNNEL:");
		console.error.apply(console, args);
	};
	else debug = function() {};
}));
var import_tunnel = /* @__PURE__ */ __toESM((/* @__PURE__ */ __commonJSMin(((exports, module) => {
	module.exports = require_tunnel$1();
})))(), 1);
var __awaiter$2 = function(thisArg, _arguments, P, generator) {
	function adopt(value) {
		return value instanceof P ? value : new P(function(resolve) {
			resolve(value);
		});
	}
	return new (P || (P = Promise))(function(resolve, reject) {
		function fulfilled(value) {
			try {
				step(generator.next(value));
			} catch (e) {
				reject(e);
			}
		}
		function rejected(value) {
			try {
				step(generator["throw"](value));
			} catch (e) {
				reject(e);
			}
		}
		function step(result) {
			result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected);
		}
		step((generator = generator.apply(thisArg, _arguments || [])).next());
	});
};
var HttpCodes;
(function(HttpCodes) {
	HttpCodes[HttpCodes["OK"] = 200] = "OK";
	HttpCodes[HttpCodes["MultipleChoices"] = 300] = "MultipleChoices";
	HttpCodes[HttpCodes["MovedPermanently"] = 301] = "MovedPermanently";
	HttpCodes[HttpCodes["ResourceMoved"] = 302] = "ResourceMoved";
	HttpCodes[HttpCodes["SeeOther"] = 303] = "SeeOther";
	HttpCodes[HttpCodes["NotModified"] = 304] = "NotModified";
	HttpCodes[HttpCodes["UseProxy"] = 305] = "UseProxy";
	HttpCodes[HttpCodes["SwitchProxy"] = 306] = "SwitchProxy";
	HttpCodes[HttpCodes["TemporaryRedirect"] = 307] = "TemporaryRedirect";
	HttpCodes[HttpCodes["PermanentRedirect"] = 308] = "PermanentRedirect";
	HttpCodes[HttpCodes["BadRequest"] = 400] = "BadRequest";
	HttpCodes[HttpCodes["Unauthorized"] = 401] = "Unauthorized";
	HttpCodes[HttpCodes["PaymentRequired"] = 402] = "PaymentRequired";
	HttpCodes[HttpCodes["Forbidden"] = 403] = "Forbidden";
	HttpCodes[HttpCodes["NotFound"] = 404] = "NotFound";
	HttpCodes[HttpCodes["MethodNotAllowed"] = 405] = "MethodNotAllowed";
	HttpCodes[HttpCodes["NotAcceptable"] = 406] = "NotAcceptable";
	HttpCodes[HttpCodes["ProxyAuthenticationRequired"] = 407] = "ProxyAuthenticationRequired";
	HttpCodes[HttpCodes["RequestTimeout"] = 408] = "RequestTimeout";
	HttpCodes[HttpCodes["Conflict"] = 409] = "Conflict";
	HttpCodes[HttpCodes["Gone"] = 410] = "Gone";
	HttpCodes[HttpCodes["TooManyRequests"] = 429] = "TooManyRequests";
	HttpCodes[HttpCodes["InternalServerError"] = 500] = "InternalServerError";
	HttpCodes[HttpCodes["NotImplemented"] = 501] = "NotImplemented";
	HttpCodes[HttpCodes["BadGateway"] = 502] = "BadGateway";
	HttpCodes[HttpCodes["ServiceUnavailable"] = 503] = "ServiceUnavailable";
	HttpCodes[HttpCodes["GatewayTimeout"] = 504] = "GatewayTimeout";
})(HttpCodes || (HttpCodes = {}));
var Headers;
(function(Headers) {
	Headers["Accept"] = "accept";
	Headers["ContentType"] = "content-type";
})(Headers || (Headers = {}));
var MediaTypes;
(function(MediaTypes) {
	MediaTypes["ApplicationJson"] = "application/json";
})(MediaTypes || (MediaTypes = {}));
const HttpRedirectCodes = [
	HttpCodes.MovedPermanently,
	HttpCodes.ResourceMoved,
	HttpCodes.SeeOther,
	HttpCodes.TemporaryRedirect,
	HttpCodes.PermanentRedirect
];
const HttpResponseRetryCodes = [
	HttpCodes.BadGateway,
	HttpCodes.ServiceUnavailable,
	HttpCodes.GatewayTimeout
];
const RetryableHttpVerbs = [
	"OPTIONS",
	"GET",
	"DELETE",
	"HEAD"
];
const ExponentialBackoffCeiling = 10;
const ExponentialBackoffTimeSlice = 5;
var HttpClientError = class HttpClientError extends Error {
	constructor(message, statusCode) {
		super(message);
		this.name = "HttpClientError";
		this.statusCode = statusCode;
		Object.setPrototypeOf(this, HttpClientError.prototype);
	}
};
var HttpClientResponse = class {
	constructor(message) {
		this.message = message;
	}
	readBody() {
		return __awaiter$2(this, void 0, void 0, function* () {
			return new Promise((resolve) => __awaiter$2(this, void 0, void 0, function* () {
				let output = Buffer.alloc(0);
				this.message.on("data", (chunk) => {
					output = Buffer.concat([output, chunk]);
				});
				this.message.on("end", () => {
					resolve(output.toString());
				});
			}));
		});
	}
	readBodyBuffer() {
		return __awaiter$2(this, void 0, void 0, function* () {
			return new Promise((resolve) => __awaiter$2(this, void 0, void 0, function* () {
				const chunks = [];
				this.message.on("data", (chunk) => {
					chunks.push(chunk);
				});
				this.message.on("end", () => {
					resolve(Buffer.concat(chunks));
				});
			}));
		});
	}
};
var HttpClient = class {
	constructor(userAgent, handlers, requestOptions) {
		this._ignoreSslError = false;
		this._allowRedirects = true;
		this._allowRedirectDowngrade = false;
		this._maxRedirects = 50;
		this._allowRetries = false;
		this._maxRetries = 1;
		this._keepAlive = false;
		this._disposed = false;
		this.userAgent = this._getUserAgentWithOrchestrationId(userAgent);
		this.handlers = handlers || [];
		this.requestOptions = requestOptions;
		if (requestOptions) {
			if (requestOptions.ignoreSslError != null) this._ignoreSslError = requestOptions.ignoreSslError;
			this._socketTimeout = requestOptions.socketTimeout;
			if (requestOptions.allowRedirects != null) this._allowRedirects = requestOptions.allowRedirects;
			if (requestOptions.allowRedirectDowngrade != null) this._allowRedirectDowngrade = requestOptions.allowRedirectDowngrade;
			if (requestOptions.maxRedirects != null) this._maxRedirects = Math.max(requestOptions.maxRedirects, 0);
			if (requestOptions.keepAlive != null) this._keepAlive = requestOptions.keepAlive;
			if (requestOptions.allowRetries != null) this._allowRetries = requestOptions.allowRetries;
			if (requestOptions.maxRetries != null) this._maxRetries = requestOptions.maxRetries;
		}
	}
	options(requestUrl, additionalHeaders) {
		return __awaiter$2(this, void 0, void 0, function* () {
			return this.request("OPTIONS", requestUrl, null, additionalHeaders || {});
		});
	}
	get(requestUrl, additionalHeaders) {
		return __awaiter$2(this, void 0, void 0, function* () {
			return this.request("GET", requestUrl, null, additionalHeaders || {});
		});
	}
	del(requestUrl, additionalHeaders) {
		return __awaiter$2(this, void 0, void 0, function* () {
			return this.request("DELETE", requestUrl, null, additionalHeaders || {});
		});
	}
	post(requestUrl, data, additionalHeaders) {
		return __awaiter$2(this, void 0, void 0, function* () {
			return this.request("POST", requestUrl, data, additionalHeaders || {});
		});
	}
	patch(requestUrl, data, additionalHeaders) {
		return __awaiter$2(this, void 0, void 0, function* () {
			return this.request("PATCH", requestUrl, data, additionalHeaders || {});
		});
	}
	put(requestUrl, data, additionalHeaders) {
		return __awaiter$2(this, void 0, void 0, function* () {
			return this.request("PUT", requestUrl, data, additionalHeaders || {});
		});
	}
	head(requestUrl, additionalHeaders) {
		return __awaiter$2(this, void 0, void 0, function* () {
			return this.request("HEAD", requestUrl, null, additionalHeaders || {});
		});
	}
	sendStream(verb, requestUrl, stream, additionalHeaders) {
		return __awaiter$2(this, void 0, void 0, function* () {
			return this.request(verb, requestUrl, stream, additionalHeaders);
		});
	}
	/**
	* Gets a typed object from an endpoint
	* Be aware that not found returns a null.  Other errors (4xx, 5xx) reject the promise
	*/
	getJson(requestUrl_1) {
		return __awaiter$2(this, arguments, void 0, function* (requestUrl, additionalHeaders = {}) {
			additionalHeaders[Headers.Accept] = this._getExistingOrDefaultHeader(additionalHeaders, Headers.Accept, MediaTypes.ApplicationJson);
			const res = yield this.get(requestUrl, additionalHeaders);
			return this._processResponse(res, this.requestOptions);
		});
	}
	postJson(requestUrl_1, obj_1) {
		return __awaiter$2(this, arguments, void 0, function* (requestUrl, obj, additionalHeaders = {}) {
			const data = JSON.stringify(obj, null, 2);
			additionalHeaders[Headers.Accept] = this._getExistingOrDefaultHeader(additionalHeaders, Headers.Accept, MediaTypes.ApplicationJson);
			additionalHeaders[Headers.ContentType] = this._getExistingOrDefaultContentTypeHeader(additionalHeaders, MediaTypes.ApplicationJson);
			const res = yield this.post(requestUrl, data, additionalHeaders);
			return this._processResponse(res, this.requestOptions);
		});
	}
	putJson(requestUrl_1, obj_1) {
		return __awaiter$2(this, arguments, void 0, function* (requestUrl, obj, additionalHeaders = {}) {
			const data = JSON.stringify(obj, null, 2);
			additionalHeaders[Headers.Accept] = this._getExistingOrDefaultHeader(additionalHeaders, Headers.Accept, MediaTypes.ApplicationJson);
			additionalHeaders[Headers.ContentType] = this._getExistingOrDefaultContentTypeHeader(additionalHeaders, MediaTypes.ApplicationJson);
			const res = yield this.put(requestUrl, data, additionalHeaders);
			return this._processResponse(res, this.requestOptions);
		});
	}
	patchJson(requestUrl_1, obj_1) {
		return __awaiter$2(this, arguments, void 0, function* (requestUrl, obj, additionalHeaders = {}) {
			const data = JSON.stringify(obj, null, 2);
			additionalHeaders[Headers.Accept] = this._getExistingOrDefaultHeader(additionalHeaders, Headers.Accept, MediaTypes.ApplicationJson);
			additionalHeaders[Headers.ContentType] = this._getExistingOrDefaultContentTypeHeader(additionalHeaders, MediaTypes.ApplicationJson);
			const res = yield this.patch(requestUrl, data, additionalHeaders);
			return this._processResponse(res, this.requestOptions);
		});
	}
	/**
	* Makes a raw http request.
	* All other methods such as get, post, patch, and request ultimately call this.
	* Prefer get, del, post and patch
	*/
	request(verb, requestUrl, data, headers) {
		return __awaiter$2(this, void 0, void 0, function* () {
			if (this._disposed) throw new Error("Client has already been disposed.");
			const parsedUrl = new URL(requestUrl);
			let info = this._prepareRequest(verb, parsedUrl, headers);
			const maxTries = this._allowRetries && RetryableHttpVerbs.includes(verb) ? this._maxRetries + 1 : 1;
			let numTries = 0;
			let response;
			do {
				response = yield this.requestRaw(info, data);
				if (response && response.message && response.message.statusCode === HttpCodes.Unauthorized) {
					let authenticationHandler;
					for (const handler of this.handlers) if (handler.canHandleAuthentication(response)) {
						authenticationHandler = handler;
						break;
					}
					if (authenticationHandler) return authenticationHandler.handleAuthentication(this, info, data);
					else return response;
				}
				let redirectsRemaining = this._maxRedirects;
				while (response.message.statusCode && HttpRedirectCodes.includes(response.message.statusCode) && this._allowRedirects && redirectsRemaining > 0) {
					const redirectUrl = response.message.headers["location"];
					if (!redirectUrl) break;
					const parsedRedirectUrl = new URL(redirectUrl);
					if (parsedUrl.protocol === "https:" && parsedUrl.protocol !== parsedRedirectUrl.protocol && !this._allowRedirectDowngrade) throw new Error("Redirect from HTTPS to HTTP protocol. This downgrade is not allowed for security reasons. If you want to allow this behavior, set the allowRedirectDowngrade option to true.");
					yield response.readBody();
					if (parsedRedirectUrl.hostname !== parsedUrl.hostname) {
						for (const header in headers) if (header.toLowerCase() === "authorization") delete headers[header];
					}
					info = this._prepareRequest(verb, parsedRedirectUrl, headers);
					response = yield this.requestRaw(info, data);
					redirectsRemaining--;
				}
				if (!response.message.statusCode || !HttpResponseRetryCodes.includes(response.message.statusCode)) return response;
				numTries += 1;
				if (numTries < maxTries) {
					yield response.readBody();
					yield this._performExponentialBackoff(numTries);
				}
			} while (numTries < maxTries);
			return response;
		});
	}
	/**
	* Needs to be called if keepAlive is set to true in request options.
	*/
	dispose() {
		if (this._agent) this._agent.destroy();
		this._disposed = true;
	}
	/**
	* Raw request.
	* @param info
	* @param data
	*/
	requestRaw(info, data) {
		return __awaiter$2(this, void 0, void 0, function* () {
			return new Promise((resolve, reject) => {
				function callbackForResult(err, res) {
					if (err) reject(err);
					else if (!res) reject(/* @__PURE__ */ new Error("Unknown error"));
					else resolve(res);
				}
				this.requestRawWithCallback(info, data, callbackForResult);
			});
		});
	}
	/**
	* Raw request with callback.
	* @param info
	* @param data
	* @param onResult
	*/
	requestRawWithCallback(info, data, onResult) {
		if (typeof data === "string") {
			if (!info.options.headers) info.options.headers = {};
			info.options.headers["Content-Length"] = Buffer.byteLength(data, "utf8");
		}
		let callbackCalled = false;
		function handleResult(err, res) {
			if (!callbackCalled) {
				callbackCalled = true;
				onResult(err, res);
			}
		}
		const req = info.httpModule.request(info.options, (msg) => {
			handleResult(void 0, new HttpClientResponse(msg));
		});
		let socket;
		req.on("socket", (sock) => {
			socket = sock;
		});
		req.setTimeout(this._socketTimeout || 18e4, () => {
			if (socket) socket.end();
			handleResult(/* @__PURE__ */ new Error(`Request timeout: ${info.options.path}`));
		});
		req.on("error", function(err) {
			handleResult(err);
		});
		if (data && typeof data === "string") req.write(data, "utf8");
		if (data && typeof data !== "string") {
			data.on("close", function() {
				req.end();
			});
			data.pipe(req);
		} else req.end();
	}
	/**
	* Gets an http agent. This function is useful when you need an http agent that handles
	* routing through a proxy server - depending upon the url and proxy environment variables.
	* @param serverUrl  The server URL where the request will be sent. For example, https://api.github.com
	*/
	getAgent(serverUrl) {
		const parsedUrl = new URL(serverUrl);
		return this._getAgent(parsedUrl);
	}
	getAgentDispatcher(serverUrl) {
		const parsedUrl = new URL(serverUrl);
		const proxyUrl = getProxyUrl(parsedUrl);
		if (!(proxyUrl && proxyUrl.hostname)) return;
		return this._getProxyAgentDispatcher(parsedUrl, proxyUrl);
	}
	_prepareRequest(method, requestUrl, headers) {
		const info = {};
		info.parsedUrl = requestUrl;
		const usingSsl = info.parsedUrl.protocol === "https:";
		info.httpModule = usingSsl ? _https_exports : _http_exports;
		const defaultPort = usingSsl ? 443 : 80;
		info.options = {};
		info.options.host = info.parsedUrl.hostname;
		info.options.port = info.parsedUrl.port ? parseInt(info.parsedUrl.port) : defaultPort;
		info.options.path = (info.parsedUrl.pathname || "") + (info.parsedUrl.search || "");
		info.options.method = method;
		info.options.headers = this._mergeHeaders(headers);
		if (this.userAgent != null) info.options.headers["user-agent"] = this.userAgent;
		info.options.agent = this._getAgent(info.parsedUrl);
		if (this.handlers) for (const handler of this.handlers) handler.prepareRequest(info.options);
		return info;
	}
	_mergeHeaders(headers) {
		if (this.requestOptions && this.requestOptions.headers) return Object.assign({}, lowercaseKeys(this.requestOptions.headers), lowercaseKeys(headers || {}));
		return lowercaseKeys(headers || {});
	}
	/**
	* Gets an existing header value or returns a default.
	* Handles converting number header values to strings since HTTP headers must be strings.
	* Note: This returns string | string[] since some headers can have multiple values.
	* For headers that must always be a single string (like Content-Type), use the
	* specialized _getExistingOrDefaultContentTypeHeader method instead.
	*/
	_getExistingOrDefaultHeader(additionalHeaders, header, _default) {
		let clientHeader;
		if (this.requestOptions && this.requestOptions.headers) {
			const headerValue = lowercaseKeys(this.requestOptions.headers)[header];
			if (headerValue) clientHeader = typeof headerValue === "number" ? headerValue.toString() : headerValue;
		}
		const additionalValue = additionalHeaders[header];
		if (additionalValue !== void 0) return typeof additionalValue === "number" ? additionalValue.toString() : additionalValue;
		if (clientHeader !== void 0) return clientHeader;
		return _default;
	}
	/**
	* Specialized version of _getExistingOrDefaultHeader for Content-Type header.
	* Always returns a single string (not an array) since Content-Type should be a single value.
	* Converts arrays to comma-separated strings and numbers to strings to ensure type safety.
	* This was split from _getExistingOrDefaultHeader to provide stricter typing for callers
	* that assign the result to places expecting a string (e.g., additionalHeaders[Headers.ContentType]).
	*/
	_getExistingOrDefaultContentTypeHeader(additionalHeaders, _default) {
		let clientHeader;
		if (this.requestOptions && this.requestOptions.headers) {
			const headerValue = lowercaseKeys(this.requestOptions.headers)[Headers.ContentType];
			if (headerValue) {
				if (typeof headerValue === "number") clientHeader = String(headerValue);
				else if (Array.isArray(headerValue)) clientHeader = headerValue.join(", ");
				else clientHeader = headerValue;
			}
		}
		const additionalValue = additionalHeaders[Headers.ContentType];
		if (additionalValue !== void 0) {
			if (typeof additionalValue === "number") return String(additionalValue);
			else if (Array.isArray(additionalValue)) return additionalValue.join(", ");
			else return additionalValue;
		}
		if (clientHeader !== void 0) return clientHeader;
		return _default;
	}
	_getAgent(parsedUrl) {
		let agent;
		const proxyUrl = getProxyUrl(parsedUrl);
		const useProxy = proxyUrl && proxyUrl.hostname;
		if (this._keepAlive && useProxy) agent = this._proxyAgent;
		if (!useProxy) agent = this._agent;
		if (agent) return agent;
		const usingSsl = parsedUrl.protocol === "https:";
		let maxSockets = 100;
		if (this.requestOptions) maxSockets = this.requestOptions.maxSockets || globalAgent$1.maxSockets;
		if (proxyUrl && proxyUrl.hostname) {
			const agentOptions = {
				maxSockets,
				keepAlive: this._keepAlive,
				proxy: Object.assign(Object.assign({}, (proxyUrl.username || proxyUrl.password) && { proxyAuth: `${proxyUrl.username}:${proxyUrl.password}` }), {
					host: proxyUrl.hostname,
					port: proxyUrl.port
				})
			};
			let tunnelAgent;
			const overHttps = proxyUrl.protocol === "https:";
			if (usingSsl) tunnelAgent = overHttps ? import_tunnel.httpsOverHttps : import_tunnel.httpsOverHttp;
			else tunnelAgent = overHttps ? import_tunnel.httpOverHttps : import_tunnel.httpOverHttp;
			agent = tunnelAgent(agentOptions);
			this._proxyAgent = agent;
		}
		if (!agent) {
			const options = {
				keepAlive: this._keepAlive,
				maxSockets
			};
			agent = usingSsl ? new Agent(options) : new Agent$1(options);
			this._agent = agent;
		}
		if (usingSsl && this._ignoreSslError) agent.options = Object.assign(agent.options || {}, { rejectUnauthorized: false });
		return agent;
	}
	_getProxyAgentDispatcher(parsedUrl, proxyUrl) {
		let proxyAgent;
		if (this._keepAlive) proxyAgent = this._proxyAgentDispatcher;
		if (proxyAgent) return proxyAgent;
		const usingSsl = parsedUrl.protocol === "https:";
		proxyAgent = new (void 0)(Object.assign({
			uri: proxyUrl.href,
			pipelining: !this._keepAlive ? 0 : 1
		}, (proxyUrl.username || proxyUrl.password) && { token: `Basic ${Buffer.from(`${proxyUrl.username}:${proxyUrl.password}`).toString("base64")}` }));
		this._proxyAgentDispatcher = proxyAgent;
		if (usingSsl && this._ignoreSslError) proxyAgent.options = Object.assign(proxyAgent.options.requestTls || {}, { rejectUnauthorized: false });
		return proxyAgent;
	}
	_getUserAgentWithOrchestrationId(userAgent) {
		const baseUserAgent = userAgent || "actions/http-client";
		const orchId = process.env["ACTIONS_ORCHESTRATION_ID"];
		if (orchId) return `${baseUserAgent} actions_orchestration_id/${orchId.replace(/[^a-z0-9_.-]/gi, "_")}`;
		return baseUserAgent;
	}
	_performExponentialBackoff(retryNumber) {
		return __awaiter$2(this, void 0, void 0, function* () {
			retryNumber = Math.min(ExponentialBackoffCeiling, retryNumber);
			const ms = ExponentialBackoffTimeSlice * Math.pow(2, retryNumber);
			return new Promise((resolve) => setTimeout(() => resolve(), ms));
		});
	}
	_processResponse(res, options) {
		return __awaiter$2(this, void 0, void 0, function* () {
			return new Promise((resolve, reject) => __awaiter$2(this, void 0, void 0, function* () {
				const statusCode = res.message.statusCode || 0;
				const response = {
					statusCode,
					result: null,
					headers: {}
				};
				if (statusCode === HttpCodes.NotFound) resolve(response);
				function dateTimeDeserializer(key, value) {
					if (typeof value === "string") {
						const a = new Date(value);
						if (!isNaN(a.valueOf())) return a;
					}
					return value;
				}
				let obj;
				let contents;
				try {
					contents = yield res.readBody();
					if (contents && contents.length > 0) {
						if (options && options.deserializeDates) obj = JSON.parse(contents, dateTimeDeserializer);
						else obj = JSON.parse(contents);
						response.result = obj;
					}
					response.headers = res.message.headers;
				} catch (err) {}
				if (statusCode > 299) {
					let msg;
					if (obj && obj.message) msg = obj.message;
					else if (contents && contents.length > 0) msg = contents;
					else msg = `Failed request: (${statusCode})`;
					const err = new HttpClientError(msg, statusCode);
					err.result = response.result;
					reject(err);
				} else resolve(response);
			}));
		});
	}
};
const lowercaseKeys = (obj) => Object.keys(obj).reduce((c, k) => (c[k.toLowerCase()] = obj[k], c), {});
var __awaiter$1 = function(thisArg, _arguments, P, generator) {
	function adopt(value) {
		return value instanceof P ? value : new P(function(resolve) {
			resolve(value);
		});
	}
	return new (P || (P = Promise))(function(resolve, reject) {
		function fulfilled(value) {
			try {
				step(generator.next(value));
			} catch (e) {
				reject(e);
			}
		}
		function rejected(value) {
			try {
				step(generator["throw"](value));
			} catch (e) {
				reject(e);
			}
		}
		function step(result) {
			result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected);
		}
		step((generator = generator.apply(thisArg, _arguments || [])).next());
	});
};
const { access, appendFile, writeFile } = promises;
const SUMMARY_ENV_VAR = "GITHUB_STEP_SUMMARY";
var Summary = class {
	constructor() {
		this._buffer = "";
	}
	/**
	* Finds the summary file path from the environment, rejects if env var is not found or file does not exist
	* Also checks r/w permissions.
	*
	* @returns step summary file path
	*/
	filePath() {
		return __awaiter$1(this, void 0, void 0, function* () {
			if (this._filePath) return this._filePath;
			const pathFromEnv = process.env[SUMMARY_ENV_VAR];
			if (!pathFromEnv) throw new Error(`Unable to find environment variable for $${SUMMARY_ENV_VAR}. Check if your runtime environment supports job summaries.`);
			try {
				yield access(pathFromEnv, constants.R_OK | constants.W_OK);
			} catch (_a) {
				throw new Error(`Unable to access summary file: '${pathFromEnv}'. Check if the file has correct read/write permissions.`);
			}
			this._filePath = pathFromEnv;
			return this._filePath;
		});
	}
	/**
	* Wraps content in an HTML tag, adding any HTML attributes
	*
	* @param {string} tag HTML tag to wrap
	* @param {string | null} content content within the tag
	* @param {[attribute: string]: string} attrs key-value list of HTML attributes to add
	*
	* @returns {string} content wrapped in HTML element
	*/
	wrap(tag, content, attrs = {}) {
		const htmlAttrs = Object.entries(attrs).map(([key, value]) => ` ${key}="${value}"`).join("");
		if (!content) return `<${tag}${htmlAttrs}>`;
		return `<${tag}${htmlAttrs}>${content}</${tag}>`;
	}
	/**
	* Writes text in the buffer to the summary buffer file and empties buffer. Will append by default.
	*
	* @param {SummaryWriteOptions} [options] (optional) options for write operation
	*
	* @returns {Promise<Summary>} summary instance
	*/
	write(options) {
		return __awaiter$1(this, void 0, void 0, function* () {
			const overwrite = !!(options === null || options === void 0 ? void 0 : options.overwrite);
			const filePath = yield this.filePath();
			yield (overwrite ? writeFile : appendFile)(filePath, this._buffer, { encoding: "utf8" });
			return this.emptyBuffer();
		});
	}
	/**
	* Clears the summary buffer and wipes the summary file
	*
	* @returns {Summary} summary instance
	*/
	clear() {
		return __awaiter$1(this, void 0, void 0, function* () {
			return this.emptyBuffer().write({ overwrite: true });
		});
	}
	/**
	* Returns the current summary buffer as a string
	*
	* @returns {string} string of summary buffer
	*/
	stringify() {
		return this._buffer;
	}
	/**
	* If the summary buffer is empty
	*
	* @returns {boolen} true if the buffer is empty
	*/
	isEmptyBuffer() {
		return this._buffer.length === 0;
	}
	/**
	* Resets the summary buffer without writing to summary file
	*
	* @returns {Summary} summary instance
	*/
	emptyBuffer() {
		this._buffer = "";
		return this;
	}
	/**
	* Adds raw text to the summary buffer
	*
	* @param {string} text content to add
	* @param {boolean} [addEOL=false] (optional) append an EOL to the raw text (default: false)
	*
	* @returns {Summary} summary instance
	*/
	addRaw(text, addEOL = false) {
		this._buffer += text;
		return addEOL ? this.addEOL() : this;
	}
	/**
	* Adds the operating system-specific end-of-line marker to the buffer
	*
	* @returns {Summary} summary instance
	*/
	addEOL() {
		return this.addRaw(EOL);
	}
	/**
	* Adds an HTML codeblock to the summary buffer
	*
	* @param {string} code content to render within fenced code block
	* @param {string} lang (optional) language to syntax highlight code
	*
	* @returns {Summary} summary instance
	*/
	addCodeBlock(code, lang) {
		const attrs = Object.assign({}, lang && { lang });
		const element = this.wrap("pre", this.wrap("code", code), attrs);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML list to the summary buffer
	*
	* @param {string[]} items list of items to render
	* @param {boolean} [ordered=false] (optional) if the rendered list should be ordered or not (default: false)
	*
	* @returns {Summary} summary instance
	*/
	addList(items, ordered = false) {
		const tag = ordered ? "ol" : "ul";
		const listItems = items.map((item) => this.wrap("li", item)).join("");
		const element = this.wrap(tag, listItems);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML table to the summary buffer
	*
	* @param {SummaryTableCell[]} rows table rows
	*
	* @returns {Summary} summary instance
	*/
	addTable(rows) {
		const tableBody = rows.map((row) => {
			const cells = row.map((cell) => {
				if (typeof cell === "string") return this.wrap("td", cell);
				const { header, data, colspan, rowspan } = cell;
				const tag = header ? "th" : "td";
				const attrs = Object.assign(Object.assign({}, colspan && { colspan }), rowspan && { rowspan });
				return this.wrap(tag, data, attrs);
			}).join("");
			return this.wrap("tr", cells);
		}).join("");
		const element = this.wrap("table", tableBody);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds a collapsable HTML details element to the summary buffer
	*
	* @param {string} label text for the closed state
	* @param {string} content collapsable content
	*
	* @returns {Summary} summary instance
	*/
	addDetails(label, content) {
		const element = this.wrap("details", this.wrap("summary", label) + content);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML image tag to the summary buffer
	*
	* @param {string} src path to the image you to embed
	* @param {string} alt text description of the image
	* @param {SummaryImageOptions} options (optional) addition image attributes
	*
	* @returns {Summary} summary instance
	*/
	addImage(src, alt, options) {
		const { width, height } = options || {};
		const attrs = Object.assign(Object.assign({}, width && { width }), height && { height });
		const element = this.wrap("img", null, Object.assign({
			src,
			alt
		}, attrs));
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML section heading element
	*
	* @param {string} text heading text
	* @param {number | string} [level=1] (optional) the heading level, default: 1
	*
	* @returns {Summary} summary instance
	*/
	addHeading(text, level) {
		const tag = `h${level}`;
		const allowedTag = [
			"h1",
			"h2",
			"h3",
			"h4",
			"h5",
			"h6"
		].includes(tag) ? tag : "h1";
		const element = this.wrap(allowedTag, text);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML thematic break (<hr>) to the summary buffer
	*
	* @returns {Summary} summary instance
	*/
	addSeparator() {
		const element = this.wrap("hr", null);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML line break (<br>) to the summary buffer
	*
	* @returns {Summary} summary instance
	*/
	addBreak() {
		const element = this.wrap("br", null);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML blockquote to the summary buffer
	*
	* @param {string} text quote text
	* @param {string} cite (optional) citation url
	*
	* @returns {Summary} summary instance
	*/
	addQuote(text, cite) {
		const attrs = Object.assign({}, cite && { cite });
		const element = this.wrap("blockquote", text, attrs);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML anchor tag to the summary buffer
	*
	* @param {string} text link text/content
	* @param {string} href hyperlink
	*
	* @returns {Summary} summary instance
	*/
	addLink(text, href) {
		const element = this.wrap("a", text, { href });
		return this.addRaw(element).addEOL();
	}
};
const summary = new Summary();
/**
* The code to exit an action
*/
var ExitCode;
(function(ExitCode) {
	/**
	* A code indicating that the action was successful
	*/
	ExitCode[ExitCode["Success"] = 0] = "Success";
	/**
	* A code indicating that the action was a failure
	*/
	ExitCode[ExitCode["Failure"] = 1] = "Failure";
})(ExitCode || (ExitCode = {}));
/**
* Registers a secret which will get masked from logs
*
* @param secret - Value of the secret to be masked
* @remarks
* This function instructs the Actions runner to mask the specified value in any
* logs produced during the workflow run. Once registered, the secret value will
* be replaced with asterisks (***) whenever it appears in console output, logs,
* or error messages.
*
* This is useful for protecting sensitive information such as:
* - API keys
* - Access tokens
* - Authentication credentials
* - URL parameters containing signatures (SAS tokens)
*
* Note that masking only affects future logs; any previous appearances of the
* secret in logs before calling this function will remain unmasked.
*
* @example
* ```typescript
* // Register an API token as a secret
* const apiToken = "abc123xyz456";
* setSecret(apiToken);
*
* // Now any logs containing this value will show *** instead
* console.log(`Using token: ${apiToken}`); // Outputs: "Using token: ***"
* ```
*/
function setSecret(secret) {
	issueCommand("add-mask", {}, secret);
}
/**
* Gets the value of an input.
* Unless trimWhitespace is set to false in InputOptions, the value is also trimmed.
* Returns an empty string if the value is not defined.
*
* @param     name     name of the input to get
* @param     options  optional. See InputOptions.
* @returns   string
*/
function getInput(name, options) {
	const val = process.env[`INPUT_${name.replace(/ /g, "_").toUpperCase()}`] || "";
	if (options && options.required && !val) throw new Error(`Input required and not supplied: ${name}`);
	if (options && options.trimWhitespace === false) return val;
	return val.trim();
}
/**
* Sets the value of an output.
*
* @param     name     name of the output to set
* @param     value    value to store. Non-string values will be converted to a string via JSON.stringify
*/
function setOutput(name, value) {
	if (process.env["GITHUB_OUTPUT"] || "") return issueFileCommand("OUTPUT", prepareKeyValueMessage(name, value));
	process.stdout.write(os.EOL);
	issueCommand("set-output", { name }, toCommandValue(value));
}
/**
* Sets the action status to failed.
* When the action exits it will be with an exit code of 1
* @param message add error issue message
*/
function setFailed(message) {
	process.exitCode = ExitCode.Failure;
	error(message);
}
/**
* Adds an error issue
* @param message error issue message. Errors will be converted to string via toString()
* @param properties optional properties to add to the annotation.
*/
function error(message, properties = {}) {
	issueCommand("error", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
/**
* Adds a warning issue
* @param message warning issue message. Errors will be converted to string via toString()
* @param properties optional properties to add to the annotation.
*/
function warning(message, properties = {}) {
	issueCommand("warning", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
/**
* Writes info to log with console.log.
* @param message info message
*/
function info$1(message) {
	process.stdout.write(message + os.EOL);
}
/**
* Returns where an answer leads. Unlike in a browser, method and body stay: the server has moved, and the request is the
* same. Keys are for the host that they were given for, and stay behind at another. `undefined` when the answer is no
* redirect, or leads where nothing should go: to no address of the web, or from TLS to plain text.
*/
const next = ({ status, location }, { address, headers }) => {
	if (!location || ![
		301,
		302,
		303,
		307,
		308
	].includes(status)) return void 0;
	if (!URL.canParse(location, address.href)) return void 0;
	const to = new URL(location, address);
	if (to.protocol !== "https:" && to.protocol !== address.protocol) return void 0;
	return {
		address: to,
		headers: to.host === address.host ? headers : withoutSecrets(headers)
	};
};
const withoutSecrets = (headers) => Object.fromEntries(Object.entries(headers).filter(([name]) => !/^(x-api-key|authorization)$/i.test(name)));
/** A `fetch` for a step: proxies, and the exceptions from them, are those of the runner's own HTTP client. */
/**
* Returns a `fetch` that ends with its signal, whatever the server does. Requests are made here and not by the toolkit,
* which only half closes the socket of a server that does not answer, and then waits for it.
*/
const make = ({ userAgent, limit, followsRedirects }) => async (url, init) => {
	let hop = {
		address: new URL(url),
		headers: init.headers ?? {}
	};
	for (let redirects = 0;; redirects++) {
		const response = await once$1(hop.address, userAgent, {
			...init,
			headers: { ...hop.headers }
		});
		const { statusCode: status = 0, headers } = response;
		const next$1 = followsRedirects && redirects < 5 ? next({
			status,
			location: headers.location
		}, hop) : void 0;
		if (next$1 === void 0) return await answer(response, limit, init.signal);
		response.destroy();
		hop = next$1;
	}
};
const once$1 = (url, userAgent, { method, headers, body = "", signal }) => {
	const client = new HttpClient(userAgent);
	const { request } = process.getBuiltinModule(url.protocol === "https:" ? "node:https" : "node:http");
	const options = {
		method,
		headers: {
			"User-Agent": client.userAgent ?? userAgent,
			...headers,
			"Content-Length": Buffer.byteLength(body)
		},
		signal,
		agent: client.getAgent(url.href)
	};
	const response = new Promise((resolve, reject) => {
		request(url, options, resolve).on("error", reject).end(body);
	});
	return abortable(response, signal);
};
const answer = async (response, limit, signal) => {
	const text = await abortable(read$1(response, limit), signal);
	return {
		status: response.statusCode ?? 0,
		headers: { get: (name) => [response.headers[name.toLowerCase()]].flat()[0] ?? null },
		text: async () => text
	};
};
/** Reads so many bytes at most, and closes the connection then. Rejects when it is cut inside the answer. */
const read$1 = async (response, limit) => {
	const chunks = [];
	let length = 0;
	for await (const chunk of response) {
		chunks.push(chunk);
		length += chunk.length;
		if (length >= limit) break;
	}
	return Buffer.concat(chunks).subarray(0, limit).toString();
};
/** Rejects as soon as the signal aborts, whatever becomes of the promise. */
const abortable = (promise, signal) => new Promise((resolve, reject) => {
	const abort = () => reject(signal.reason);
	if (signal.aborted) abort();
	signal.addEventListener("abort", abort, { once: true });
	promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
});
/** The inputs of a step, checked together, so that one run names every mistake. */
/** Inputs are wrong; the message names every mistake. */
var InvalidInputs = class extends Error {
	_tag = "InvalidInputs";
};
const units = {
	s: 1,
	m: 60,
	h: 3600,
	d: 86400,
	w: 604800
};
/** Returns a reader of the inputs of this step. */
const reader = () => {
	const problems = [];
	const refuse = (sentence) => void problems.push(sentence);
	const text = (name) => getInput(name) || void 0;
	const flag = (name) => {
		const value = text(name)?.toLowerCase();
		if (value !== void 0 && value !== "true" && value !== "false") refuse(`${name} is true or false, not ${JSON.stringify(value)}`);
		return value === "true";
	};
	const oneOf = (name, choices) => {
		const value = text(name);
		const choice = choices.find((choice) => choice === value);
		if (value !== void 0 && choice === void 0) refuse(`${name} is one of ${choices.join(", ")}, not ${JSON.stringify(value)}`);
		return choice;
	};
	const span = (name, { least, most }) => {
		const value = text(name);
		if (value === void 0) return void 0;
		const isSpan = /^(\d{1,9}|(\d{1,9}[smhdw]\s*)+)$/.test(value);
		let seconds = 0;
		for (const [, count, unit = "s"] of value.matchAll(/(\d+)([smhdw])?/g)) seconds += Number(count) * units[unit];
		if (!isSpan) refuse(`${name} is a length of time such as 90s, 15m, 2h or 1d, not ${JSON.stringify(value)}`);
		else if (seconds < least || seconds > most) refuse(`${name} is at least ${printSpan(least)} and at most ${printSpan(most)}, not ${JSON.stringify(value)}`);
		return seconds;
	};
	const whole = (name, { least, most }) => {
		const value = text(name);
		if (value === void 0) return void 0;
		const count = /^\d{1,9}$/.test(value) ? Number(value) : NaN;
		if (!(count >= least && count <= most)) refuse(`${name} is a whole number from ${least} to ${most}, not ${JSON.stringify(value)}`);
		return count;
	};
	const items = (name) => (text(name) ?? "").split(/[\s,]+/).filter((item) => item !== "");
	const finish = () => {
		if (problems.length > 0) throw new InvalidInputs(problems.join("; "));
	};
	return {
		text,
		flag,
		oneOf,
		span,
		whole,
		items,
		refuse,
		problems,
		finish
	};
};
/** Returns seconds as text in the two largest units, rounded down: `3d 4h`, `2m 5s`. */
const printSpan = (seconds) => {
	let rest = Math.floor(seconds);
	const parts = [];
	for (const unit of [
		"d",
		"h",
		"m",
		"s"
	]) {
		const count = Math.floor(rest / units[unit]);
		rest -= count * units[unit];
		if (count > 0) parts.push(`${count}${unit}`);
		if (parts.length === 2) break;
	}
	return parts.join(" ") || "0s";
};
/** Returns an address; a wrong one is a mistake that is not repeated, because it may be a secret. */
const address = (read, name, value) => {
	if (value === void 0 || URL.canParse(value) && /^https?:\/\//.test(value)) return value;
	read.refuse(`${name} must begin with https:// or http:// and a host`);
};
/** The log of a step, of which the runner takes some lines for commands. */
/**
* Prints a line for people. What others chose, such as the name of a check, becomes no command: the runner takes
* `::name::` for one at the beginning of a line, blanks aside, and `##[name]` wherever it stands.
*/
const info = (text) => info$1(text.replaceAll(/[\x00-\x1f\x7f-\x9f\u2028\u2029]+/g, " ").replace(/^\s*::/, ": :").replaceAll("##[", "# #["));
/** A stage of a step: one run of its program by the runner. */
/**
* Runs a stage, and ends the process when it is over: a look-up of a name, or the tunnel of a proxy, that was given up
* would keep it for minutes. State and outputs are in their files by then; the log is flushed first.
*/
const run = async (main) => {
	await main();
	process.stdout.write("", () => process.exit());
};
/** The only error that this package raises. Its message never contains the address, which may be a secret. */
var ClientError = class extends Error {
	constructor(tag, message, options) {
		super(message, options);
		this.name = "ClientError";
		this._tag = tag;
		this.status = options?.status;
	}
};
/** Sends a request and resolves to the answer if that is 2xx. Rejects with a `ClientError` for everything else. */
const send = async (url, request, patience = {}) => {
	const { attempts = 4, timeout = 1e4, total = 6e4, backoff = 500, signal, now = Date.now, random = Math.random, sleep = pause } = patience;
	const { isOnce, ...init } = request;
	const end = now() + total;
	for (let attempt = 1;; attempt++) {
		const outcome = await once(url, init, Math.min(timeout, Math.max(1, end - now())), patience);
		const isAnswer = "text" in outcome;
		if (isAnswer && outcome.status < 300) return outcome;
		signal?.throwIfAborted();
		const error = isAnswer ? refusal(outcome) : outcome;
		const { status } = error;
		const isWorthwhile = isOnce ? status === 429 || status === 503 : !status || mayPass(status);
		const wait = Math.max(isAnswer ? retryAfter(outcome.headers.get("Retry-After"), now()) : 0, backoff * 2 ** (attempt - 1) * (1 - random() / 2));
		if (!isWorthwhile || attempt >= attempts || now() + wait >= end) throw error;
		await sleep(wait, signal, error);
	}
};
const once = async (url, init, timeout, patience) => {
	const limit = AbortSignal.timeout(timeout);
	const signal = patience.signal ? AbortSignal.any([patience.signal, limit]) : limit;
	let problem = "cannot be reached";
	try {
		const response = await (patience.fetch ?? fetch)(url, {
			...init,
			signal
		});
		problem = "answered in part";
		return {
			status: response.status,
			headers: response.headers,
			text: await response.text()
		};
	} catch (cause) {
		if (cause instanceof ClientError) return cause;
		return limit.aborted ? new ClientError("TimedOut", `no answer within ${timeout} ms`, { cause }) : new ClientError("Unreachable", `the server ${problem}${between(" (", codeOf(cause), ")")}`, { cause });
	}
};
/** `fetch` says only "fetch failed"; its cause has the code that helps, such as ECONNREFUSED. */
const codeOf = (error) => error?.cause?.code ?? error?.code;
/** Returns a text between two others; nothing when it is empty or no text. */
const between = (before, text, after = "") => text && typeof text === "string" ? before + text + after : "";
const tags = {
	400: "Invalid",
	401: "Denied",
	403: "Denied",
	404: "NotFound",
	409: "Conflict",
	429: "RateLimited"
};
const mayPass = (status) => status === 408 || status === 429 || status >= 500;
const refusal = ({ status, text }) => {
	const tag = tags[status] ?? (mayPass(status) ? "Unavailable" : "Refused");
	const { error = /^[^<{\n]{1,200}/.exec(text)?.[0], detail } = parsed(text);
	return new ClientError(tag, `the server answered ${status}${between(": ", error)}${between(" (", detail, ")")}`, { status });
};
const parsed = (text) => {
	try {
		return JSON.parse(text) ?? {};
	} catch {
		return {};
	}
};
/**
* Returns the milliseconds that Retry-After asks for, in seconds or as a date (RFC 9110 §10.2.3); 0 when it is absent,
* past or unreadable.
*/
const retryAfter = (value, now) => {
	if (!value) return 0;
	return Math.max(0, Number(value) >= 0 ? Number(value) * 1e3 : Date.parse(value) - now || 0);
};
/** Returns what was answered instead of JSON, in a sentence. */
const insteadOfJson = (text) => {
	if (/^\s*</.test(text)) return "a web page answered, such as one to log in, and not the API";
	return /^\s*[{[]/.test(text) ? "the server's answer is no valid JSON, and most likely not whole" : "the server answered something else than JSON";
};
const pause = (milliseconds, signal) => new Promise((resolve, reject) => {
	const timer = setTimeout(resolve, milliseconds);
	signal?.addEventListener("abort", () => {
		clearTimeout(timer);
		reject(signal.reason);
	});
});
/** The management API, version 3, typed: checks, their history, channels, badges. Fields are named as on the wire. */
/** Returns the calls for one project on one server; nothing is sent before the first of them. */
const connect = (destination) => {
	const requests = requestsOf(destination);
	const { text, json } = requests;
	return {
		checks: {
			...checksOf(requests, destination.defaults ?? "own"),
			...historyOf(requests)
		},
		channels: channelsOf(requests),
		deliveries: deliveriesOf(requests),
		/** What of the project itself can be read and changed. Only Overdue has this. */
		project: {
			get: () => json("/project/"),
			update: (change) => json("/project/", post(change))
		},
		/** Returns the badges by tag; those of the whole project are under `*`. */
		badges: async () => (await json("/badges/")).badges,
		/** Resolves when the server and its database work. */
		status: async () => void await text("/status/")
	};
};
const requestsOf = (destination) => {
	const { baseUrl, apiKey, headers } = destination;
	const root = `${String(baseUrl).replace(/\/+$/, "")}/api/v3`;
	if (!URL.canParse(root)) throw new ClientError("InvalidTarget", "baseUrl begins with http:// or https://");
	const text = async (path, request = { method: "GET" }) => (await send(root + path, {
		...request,
		headers: {
			...headers,
			"X-Api-Key": apiKey
		}
	}, destination)).text;
	const json = async (path, request) => {
		const answer = await text(path, request);
		try {
			return JSON.parse(answer);
		} catch (cause) {
			throw new ClientError("Refused", insteadOfJson(answer), { cause });
		}
	};
	return {
		text,
		json
	};
};
const post = (body = {}, isOnce = false) => ({
	method: "POST",
	body: JSON.stringify(body),
	isOnce
});
const remove = { method: "DELETE" };
const queryOf = (fields) => new URLSearchParams(Object.entries(fields).map(([name, value]) => [name, String(value)]));
const pathOf = (id) => `/checks/${encodeURIComponent(id)}`;
/** A tag that is there but `undefined` was to be set, and must not mean all checks: the server refuses an empty one. */
const silenceOf = (filter) => `/silence?${queryOf("tag" in filter ? { tag: filter.tag ?? "" } : {})}`;
const checksOf = ({ json }, defaults) => {
	const ask = ({ details = false, remarks = false } = {}) => {
		const query = queryOf({
			...defaults === "own" && { defaults },
			...details && { details: 1 },
			...remarks && { remarks: 1 }
		});
		return query.size === 0 ? "" : `?${query}`;
	};
	return {
		/** Returns all checks of the project, or those that carry every one of the tags and have the slug. */
		list: async (filter = {}) => {
			const query = new URLSearchParams(filter.tags?.map((tag) => ["tag", tag]));
			if (filter.slug !== void 0) query.set("slug", filter.slug);
			if (filter.details === true) query.set("details", "1");
			if (defaults === "own") query.set("defaults", defaults);
			return (await json(`/checks/?${query}`)).checks;
		},
		/** Returns a check by its id or its `unique_key`. */
		get: (id, asked = {}) => json(pathOf(id) + ask(asked)),
		/** Creates a check, or updates the one that `unique` finds, and returns it. */
		create: (policy, asked = {}) => json(`/checks/${ask(asked)}`, post(policy, !policy.unique?.length)),
		/** Changes the fields that are given and no others; returns the check as it is then. */
		update: (id, change, asked = {}) => json(pathOf(id) + ask(asked), post(change)),
		/** Stops expecting signals until the check is resumed or pinged. */
		pause: (id) => json(`${pathOf(id)}/pause${ask()}`, post()),
		/**
		* Ends a pause. Rejects with `Conflict` when there is none: after a lost answer, because the first try ended it.
		*/
		resume: (id) => json(`${pathOf(id)}/resume${ask()}`, post()),
		/**
		* Keeps alerts of the check back, and tells what is still down when the silence ends. Only Overdue has silence.
		*/
		silence: (id, silence) => json(`${pathOf(id)}/silence${ask()}`, post(silence)),
		/** Ends the silence of a check. */
		endSilence: (id) => json(`${pathOf(id)}/silence${ask()}`, remove),
		/** Silences the checks that have the tag or, without one, all of the project and those that are created meanwhile. */
		silenceAll: (silence, filter = {}) => json(silenceOf(filter), post(silence)),
		/** Ends the silence of the checks that have the tag or, without one, of all. */
		endSilenceOfAll: (filter = {}) => json(silenceOf(filter), remove),
		/** Deletes a check with its pings and flips; returns it as it last was. */
		delete: (id) => json(pathOf(id) + ask(), remove)
	};
};
/** What was recorded of checks. */
const historyOf = ({ text, json }) => {
	return {
		/** Returns the pings that the server keeps, newest first, at most 1,000. Only Overdue has `details`. */
		pings: async (id, { details = false } = {}) => {
			const query = details ? "?details=1" : "";
			return (await json(`${pathOf(id)}/pings/${query}`)).pings;
		},
		/** Returns the body of ping number `n`, as text. */
		pingBody: (id, n) => text(`${pathOf(id)}/pings/${n}/body`),
		/**
		* Returns flips, newest first: of the last so many `seconds`, or from `start` (inclusive) to `end` (exclusive) in
		* Unix seconds. Only Overdue has `details`.
		*/
		flips: async (id, { details = false, ...window } = {}) => {
			const query = queryOf(window);
			if (details) query.set("details", "1");
			return (await json(`${pathOf(id)}/flips/?${query}`)).flips;
		},
		/**
		* Returns uptime, outages and runs from `start` to `end`, in Unix seconds or ISO 8601, by default of the last 30
		* days; `tz` is the zone of the units in `by`, and of times without an offset, by default that of the check. Only
		* Overdue has statistics.
		*/
		statistics: (id, query = {}) => json(`${pathOf(id)}/statistics?${queryOf(query)}`)
	};
};
const channelsOf = ({ text, json }) => {
	const path = (id) => `/channels/${encodeURIComponent(id)}`;
	return {
		/** Returns the channels of the project. Their values hold secrets, and are never shown. */
		list: async () => (await json("/channels/")).channels,
		/** Returns the same with how their deliveries fare. */
		details: async () => (await json("/channels/?details=1")).channels,
		/** Creates a channel and returns it. No check uses it before it is named in the check's `channels`. */
		create: (channel) => json("/channels/", post(channel, true)),
		/** Changes the fields that are given, and returns the channel. */
		update: (id, change) => json(path(id), post(change)),
		/** Deletes a channel, and takes it from the checks that use it. */
		delete: async (id) => void await text(path(id), remove),
		/** Sends a test alert, and returns what became of it. Rejects when the channel could not deliver it. */
		test: (id) => json(`${path(id)}/test`, post({}, true))
	};
};
const deliveriesOf = ({ json }) => {
	const path = (id) => `/deliveries/${encodeURIComponent(id)}`;
	return {
		/** Returns alerts on their way to channels, newest first. */
		list: async (filter = {}) => (await json(`/deliveries/?${queryOf({ ...filter })}`)).deliveries,
		get: (id) => json(path(id)),
		/** Sends an alert again that was given up. Rejects with `Conflict` when it was not. */
		retry: (id) => json(`${path(id)}/retry`, post({}, true)),
		/** Gives up an alert. Rejects with `Conflict` when it has come to its end already. */
		drop: (id) => json(`${path(id)}/drop`, post({}, true))
	};
};
/** The selected checks as the server knows them, judged by what the step expects. */
/** Asks once. Rejects with a `ClientError` when the server cannot be asked. */
const ask = async (api, question, now) => {
	const { selection } = question;
	const { checks, missing } = await select(api, selection);
	return {
		findings: [...checks.map((check) => judge(check, question, now)), ...missing],
		badge: await badge(api, selection, checks)
	};
};
/** Returns each check that a selector finds, once, in the order of the selectors; and the selectors that find none. */
const select = async (api, { ids, slugs, tags, all }) => {
	const found = /* @__PURE__ */ new Map();
	const missing = [];
	const keep = (checks, what) => {
		for (const check of checks) found.set(check.unique_key ?? check.uuid ?? JSON.stringify(check), check);
		if (checks.length === 0) missing.push(absent(what));
	};
	for (const id of ids) try {
		keep([await api.checks.get(id)], id);
	} catch (error) {
		if (!(error instanceof ClientError) || error._tag !== "NotFound") throw error;
		keep([], `no check with the id ${id}`);
	}
	for (const slug of slugs) keep(await api.checks.list({ slug }), `no check with the slug ${slug}`);
	if (tags.length > 0) keep(await api.checks.list({ tags }), `no check with the tags ${tags.join(" ")}`);
	if (all) keep(await api.checks.list(), "no check in the project");
	return {
		checks: [...found.values()],
		missing
	};
};
/** A selector that finds nothing is a mismatch: most likely a check was deleted or its name is misspelt. */
const absent = (what) => ({
	name: what,
	slug: "",
	status: "missing",
	last_ping: null,
	next_ping: null,
	ok: false,
	reason: what
});
const judge = (check, { accepted, maxAge }, now) => {
	const { name, slug, status, last_ping, next_ping } = check;
	const reason = accepted.has(status) ? tooOld(check, maxAge, now) : why(check, accepted, now);
	return {
		name: name || slug || "unnamed",
		slug,
		status,
		last_ping,
		next_ping,
		ok: reason === "",
		reason
	};
};
const why = ({ status, last_ping, next_ping, started }, accepted, now) => {
	const expected = `${status}, expected ${[...accepted].join(" or ")}`;
	if (status === "new") return `${expected}: no signal has arrived yet`;
	if (status === "grace" && next_ping !== null) return `${expected}: ${ago(next_ping, now)} late`;
	if (status === "down" && last_ping !== null) return `${expected}: last signal ${ago(last_ping, now)} ago${started ? ", a run is open" : ""}`;
	return expected;
};
/** Of a check that is up or late, the last signal is the last success. */
const tooOld = ({ last_ping }, maxAge, now) => {
	if (maxAge === void 0) return "";
	if (last_ping === null) return `no success yet, expected one within ${printSpan(maxAge / 1e3)}`;
	if (now - Date.parse(last_ping) <= maxAge) return "";
	return `the last success is ${ago(last_ping, now)} old, expected at most ${printSpan(maxAge / 1e3)}`;
};
/** Returns the time since an instant in ISO 8601: `3d 4h`. */
const ago = (instant, now) => printSpan(Math.max(0, now - Date.parse(instant)) / 1e3);
/** Badges are an extra: when they cannot be read, there still is a verdict. */
const badge = async (api, { tags, all }, checks) => {
	const own = checks.flatMap(({ name, badge_url }) => badge_url === void 0 ? [] : [image(name, badge_url)]);
	if (!all && tags.length === 0) return own.join(" ");
	try {
		const badges = await api.badges();
		return (all ? ["*"] : tags).flatMap((name) => badges[name] ? [image(all ? "checks" : name, badges[name].svg3)] : []).join(" ");
	} catch {
		return own.join(" ");
	}
};
const image = (name, url) => `![${name.replace(/[[\]\\]/g, "\\$&")}](${url})`;
/** What the step asks, read from its inputs: which checks, and what is expected of them. */
/** Every status that a check can have. */
const statuses = [
	"new",
	"up",
	"grace",
	"down",
	"paused"
];
/** Returns what the step asks. Throws `InvalidInputs`. */
const read = (environment) => {
	const inputs = reader();
	const selection = {
		ids: inputs.items("ids"),
		slugs: inputs.items("slugs"),
		tags: inputs.items("tags"),
		all: inputs.flag("all")
	};
	if (!Object.values(selection).some((part) => part === true || part !== false && part.length > 0)) inputs.refuse("no check is selected: give ids, slugs or tags, or all: true");
	for (const id of selection.ids) if (!/^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{40})$/.test(id)) inputs.refuse(`ids takes UUIDs and unique keys of 40 digits, not ${JSON.stringify(id)}`);
	const allowed = inputs.items("allow").flatMap((word) => {
		const status = statuses.find((status) => status === word);
		if (status === void 0) inputs.refuse(`allow takes ${statuses.join(", ")}, not ${JSON.stringify(word)}`);
		return status ?? [];
	});
	const year = 31536e3;
	const question = {
		server: address(inputs, "server", inputs.text("server") ?? (environment.OVERDUE_URL || void 0)),
		apiKey: inputs.text("api-key") ?? (environment.OVERDUE_API_KEY || void 0),
		selection,
		accepted: /* @__PURE__ */ new Set([inputs.oneOf("expect", statuses) ?? "up", ...allowed]),
		maxAge: milliseconds(inputs.span("max-age", {
			least: 1,
			most: year
		})),
		wait: milliseconds(inputs.span("wait", {
			least: 0,
			most: 21600
		})) ?? 0,
		interval: milliseconds(inputs.span("interval", {
			least: 1,
			most: 600
		})) ?? 1e4,
		mismatchFails: inputs.oneOf("on-mismatch", ["fail", "warn"]) !== "warn",
		noVerdictFails: inputs.oneOf("no-verdict", ["warn", "fail"]) === "fail" || inputs.flag("strict"),
		withSummary: inputs.text("summary") === void 0 || inputs.flag("summary"),
		retries: inputs.whole("retries", {
			least: 0,
			most: 10
		}) ?? 3,
		maxWait: milliseconds(inputs.span("max-wait", {
			least: 1,
			most: 600
		})) ?? 3e4
	};
	inputs.finish();
	return question;
};
const milliseconds = (seconds) => seconds === void 0 ? void 0 : seconds * 1e3;
/** The table in the summary of the job. */
const marks = {
	up: "🟢",
	grace: "🟡",
	down: "🔴",
	new: "⚪",
	paused: "⏸️",
	missing: "❔"
};
/** Adds the table to the summary; `now` in epoch milliseconds. */
const write = async (findings, headline, now) => {
	const header = [
		"OK",
		"Check",
		"Status",
		"Last ping",
		"Next due",
		"Reason"
	].map((data) => ({
		data,
		header: true
	}));
	const rows = findings.map(({ ok, name, status, last_ping, next_ping, reason }) => [
		ok ? "✅" : "❌",
		escape(name),
		`${marks[status]} ${status}`,
		last_ping === null ? "never" : `${ago(last_ping, now)} ago`,
		next_ping === null ? "–" : due(next_ping, now),
		escape(reason) || "–"
	]);
	await summary.addHeading(escape(headline), 3).addTable([header, ...rows]).write();
};
const due = (instant, now) => {
	const ahead = Date.parse(instant) - now;
	return ahead >= 0 ? `in ${ago(new Date(now - ahead).toISOString(), now)}` : `${ago(instant, now)} ago`;
};
/** The summary is HTML, and names may hold any text. */
const escape = (text) => text.replace(/[&<>"]/g, (character) => `&#${character.codePointAt(0)};`);
/** The step as the runner calls it: asks, waits when told to, and reports in outputs, annotations and a summary. */
/** The server could not be asked; the message says why. */
var NoVerdict = class extends Error {};
const main = async () => {
	let question;
	try {
		question = read(process.env);
	} catch (error) {
		if (!(error instanceof InvalidInputs)) throw error;
		setFailed(`the inputs of the step are wrong: ${error.message}`);
		return;
	}
	if (question.apiKey !== void 0) setSecret(question.apiKey);
	try {
		await report(question, await settle(question));
	} catch (error) {
		if (!(error instanceof NoVerdict)) throw error;
		setOutput("result", "no-verdict");
		setOutput("down", "");
		setOutput("checks", "[]");
		setOutput("badge", "");
		if (question.noVerdictFails) setFailed(`no verdict: ${error.message}`);
		else warning(`no verdict: ${error.message}`, { title: "Checks were not asked" });
	}
};
/** Bytes of an answer that are read: some ten thousand checks. A longer list is no verdict. */
const answerLimit = 16777216;
/** Returns the first answer that is as expected, or the last one when the wait is over. */
const settle = async (question) => {
	const { server, apiKey, retries, maxWait, interval } = question;
	if (server === void 0) throw new NoVerdict("the server is not named, because server and OVERDUE_URL are empty");
	if (apiKey === void 0) throw new NoVerdict("there is no API key, because api-key and OVERDUE_API_KEY are empty");
	const fetch = make({
		userAgent: "overdue-action-assert",
		limit: answerLimit,
		followsRedirects: false
	});
	const api = connect({
		baseUrl: server,
		apiKey,
		attempts: retries + 1,
		total: maxWait,
		fetch
	});
	const end = Date.now() + question.wait;
	for (;;) {
		const outcome = await attempt(() => ask(api, question, Date.now()));
		const left = end - Date.now();
		const isFinal = "findings" in outcome && outcome.findings.every(({ ok }) => ok);
		const isHopeless = "message" in outcome && (outcome._tag === "Denied" || outcome._tag === "Refused");
		if (isFinal || isHopeless || left <= 0) {
			if ("findings" in outcome) return outcome;
			throw new NoVerdict(outcome.message, { cause: outcome });
		}
		const pause = Math.min(interval, left);
		info(`${progress(outcome)}; asking again in ${printSpan(pause / 1e3)}, ${printSpan(left / 1e3)} left`);
		await setTimeout$1(pause);
	}
};
const attempt = async (call) => {
	try {
		return await call();
	} catch (error) {
		if (error instanceof ClientError) return error;
		throw error;
	}
};
const progress = (outcome) => {
	if (!("findings" in outcome)) return outcome.message;
	const wrong = outcome.findings.filter(({ ok }) => !ok);
	return `${wrong.slice(0, 5).map(({ name, status }) => `${name} is ${status}`).join(", ")}${wrong.length > 5 ? ` and ${wrong.length - 5} more` : ""}`;
};
const report = async (question, { findings, badge }) => {
	const wrong = findings.filter(({ ok }) => !ok);
	const headline = wrong.length === 0 ? `${count(findings)} as expected` : `${wrong.length} of ${count(findings)} not as expected`;
	setOutput("result", wrong.length === 0 ? "pass" : "fail");
	setOutput("down", findings.filter(({ status }) => status === "down").map(({ name }) => name).join("\n"));
	setOutput("checks", JSON.stringify(findings));
	setOutput("badge", badge);
	for (const finding of findings) info(line(finding));
	for (const { name, reason } of wrong) if (question.mismatchFails) error(reason, { title: name });
	else warning(reason, { title: name });
	if (question.withSummary && process.env.GITHUB_STEP_SUMMARY) await write(findings, headline, Date.now());
	if (wrong.length === 0) info(headline);
	else if (question.mismatchFails) setFailed(headline);
	else warning(headline);
};
const count = (findings) => findings.length === 1 ? "1 check" : `${findings.length} checks`;
const line = ({ ok, name, status, reason }) => `${ok ? "✓" : "✗"} ${name}: ${ok ? status : reason}`;
await run(main);
export {};

//# sourceMappingURL=index.js.map