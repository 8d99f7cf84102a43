import { request as requestByHttp } from "node:http";
import { request as requestByHttps, type RequestOptions } from "node:https";
import { DeliveryError } from "../core/delivery-error.ts";
import { findAllowedAddresses, pinnedLookup } from "./address-lookup.ts";
import { memberOf } from "./failure.ts";
import { requireDelivered, type HttpAnswer } from "./http-answer.ts";
import { hostnameOf, type HttpTarget } from "./http-target.ts";
import { withinTime } from "./within-time.ts";

/** What to post. */
export interface HttpMessage {
  /** The headers besides those that every message has, with their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body: string;
}

/**
 * Posts to a target, over a connection of its own that ends with the answer's status. Connects only to addresses that were
 * checked after they were looked up, follows no redirect, and reads nothing of the answer's body.
 *
 * @throws {@link DeliveryError}, or {@link PermanentDeliveryError}; they tell no more of the URL than its host
 */
export async function postTo(target: HttpTarget, message: HttpMessage, signal: AbortSignal): Promise<void> {
  const { url, timeoutMs, clock } = target;
  const answer = await withinTime(url.host, { signal, timeoutMs, clock }, async (signal) => {
    try {
      const addresses = await findAllowedAddresses(hostnameOf(url), target.lookup, target.isAllowed);
      signal.throwIfAborted();
      return await send(requestOptions(target, message, addresses, signal), message.body);
    } catch (error) {
      throw unreached(url.host, error);
    }
  });
  requireDelivered(url.host, answer, clock.now());
}

function requestOptions(
  { url, ca }: HttpTarget,
  { headers, body }: HttpMessage,
  addresses: readonly string[],
  signal: AbortSignal,
): RequestOptions {
  return {
    method: "POST",
    protocol: url.protocol,
    hostname: hostnameOf(url),
    port: url.port,
    path: `${url.pathname}${url.search}`,
    headers: {
      "user-agent": "issue-lifecycle",
      ...headers,
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
    },
    agent: false,
    lookup: pinnedLookup(addresses),
    // Whatever NODE_TLS_REJECT_UNAUTHORIZED says.
    rejectUnauthorized: true,
    ca,
    signal,
  };
}

function send(options: RequestOptions, body: string): Promise<HttpAnswer> {
  const request = options.protocol === "https:" ? requestByHttps : requestByHttp;
  const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
  const outgoing = request(options, ({ statusCode = 0, headers }) => {
    resolve({ status: statusCode, retryAfter: headers["retry-after"] });
    outgoing.destroy();
  });
  outgoing.on("error", reject);
  outgoing.end(body);
  return promise;
}

function unreached(host: string, error: unknown): DeliveryError {
  if (error instanceof DeliveryError) return error;
  const code = memberOf(error, "code");
  return new DeliveryError(`${host} could not be reached${typeof code === "string" ? `: ${code}` : ""}.`, {
    cause: error,
  });
}
