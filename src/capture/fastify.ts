import { PropertyReader } from "../core/property-reader.ts";
import { isClientError } from "./client-error.ts";
import type { Recorder } from "./recorder.ts";
import { readObject, transactionOf, withoutQuery } from "./transaction.ts";

/** A hook `onError` of Fastify. */
export type FastifyErrorHook = (request: object, reply: object, error: unknown, done: () => void) => void;

/** Creates the hook for Fastify, which runs before the error handler and changes nothing. */
export function fastifyHook(recorder: Recorder): FastifyErrorHook {
  return (request, reply, error, done) => {
    recorder.recordCaught(error, {
      mechanism: "fastify",
      transaction: fastifyTransaction(request),
      isOfClient: () => isClientError(error) || isClientError(reply),
    });
    done();
  };
}

function fastifyTransaction(request: object): string | undefined {
  const reader = new PropertyReader();
  const route = readObject(reader, request, "routeOptions");
  const pattern = route === undefined ? undefined : reader.readText(route, "url");
  return transactionOf(
    reader.readText(request, "method"),
    pattern ?? withoutQuery(reader.readText(request, "url") ?? ""),
  );
}
