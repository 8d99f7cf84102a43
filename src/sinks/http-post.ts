import { request as httpRequest } from "node:http";
import { request as httpsRequest, type RequestOptions } from "node:https";
import { DeliveryError } from "../alerts/delivery-error.ts";
import { findAllowedAddresses, pinnedLookup } from "./host-lookup.ts";
import { requireDelivered, type HttpResponse } from "./http-response.ts";
import { hostnameOf, type HttpTarget } from "./http-target.ts";
import { memberOf } from "./sink-failure.ts";
import { withTimeLimit } from "./time-limit.ts";

/** What to post. */
export interface HttpMessage {
  /** Headers in addition to those that every message has, with names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body: string;
}

/**
 * Posts a message to a target. Looks up the host, checks its addresses and connects only to those; follows no redirect. Each
 * message has a connection of its own, which is closed as soon as the response's status is known: the body is not read.
 *
 * @throws {@link DeliveryError} or {@link PermanentDeliveryError}, which show nothing of the URL but its host
 */
export async function postTo(target: HttpTarget, message: HttpMessage, signal: AbortSignal): Promise<void> {
  const { url, timeoutMs, clock } = target;
  const response = await withTimeLimit(url.host, { signal, timeoutMs, clock }, async (signal) => {
    const findAddresses = (hostname: string) => reach(url.host, () => target.lookup(hostname));
    const addresses = await findAllowedAddresses(hostnameOf(url), findAddresses, target.isAllowed);
    signal.throwIfAborted();
    return reach(url.host, () => send(requestOptions(target, message, addresses, signal), message.body));
  });
  requireDelivered(url.host, response, clock.now());
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
    // Overrides NODE_TLS_REJECT_UNAUTHORIZED.
    rejectUnauthorized: true,
    ca,
    signal,
  };
}

async function send(options: RequestOptions, body: string): Promise<HttpResponse> {
  const request = options.protocol === "https:" ? httpsRequest : httpRequest;
  const { promise, resolve, reject } = Promise.withResolvers<HttpResponse>();
  const outgoing = request(options, ({ statusCode = 0, headers }) => {
    resolve({ status: statusCode, retryAfter: headers["retry-after"] });
    outgoing.destroy();
  });
  outgoing.on("error", reject);
  outgoing.end(body);
  return promise;
}

/** Does one step of a request; an error of any kind becomes a {@link DeliveryError} that names the host and the error's code. */
async function reach<Result>(host: string, step: () => Promise<Result>): Promise<Result> {
  try {
    return await step();
  } catch (error) {
    const code = memberOf(error, "code");
    const reason = typeof code === "string" ? `: ${code}` : "";
    throw new DeliveryError(`${host} could not be reached${reason}.`, { cause: error });
  }
}
