import * as Sentry from "@sentry/node";

function chargeCard(): never {
  throw new TypeError("cannot read amount of undefined\nin cart 7");
}

function pay(): never {
  try {
    chargeCard();
  } catch (cause) {
    throw new Error("payment failed", { cause });
  }
}

function captureChain(): void {
  try {
    pay();
  } catch (error) {
    Sentry.captureException(error);
  }
}

function captureWithAttachment(): void {
  Sentry.withScope((scope) => {
    scope.addAttachment({ filename: "dump.bin", data: new Uint8Array([0x7b, 0x0a, 0x0a, 0xff, 0x00, 0x0a]) });
    Sentry.captureException(new RangeError("out of stock"));
  });
}

/** An error class of a database library whose messages begin with a line end. */
class KnownRequestError extends Error {
  override name = "KnownRequestError";
}

const CAPTURES = {
  "chained-exception": captureChain,
  message: () => {
    Sentry.captureMessage(" disk almost full \n91 % used ", "warning");
  },
  "parameterized-message": () => {
    Sentry.captureMessage(Sentry.parameterize`disk ${91} % full`);
  },
  "log-message": () => {
    Sentry.captureMessage("disk checked", "log");
  },
  "fatal-message": () => {
    Sentry.captureMessage("disk lost", "fatal");
  },
  "thrown-text": function checkDisk() {
    Sentry.captureException("the disk is full");
  },
  "other-thrown-text": function checkDisk() {
    Sentry.captureException("the disk is broken");
  },
  "thrown-object": () => {
    Sentry.captureException({ code: 7, reason: "locked" });
  },
  "thrown-null": () => {
    Sentry.captureException(null);
  },
  "dom-exception": () => {
    Sentry.captureException(new DOMException("the camera is in use", "NotReadableError"));
  },
  "aggregate-error": () => {
    const errors = [new RangeError("card declined"), new Error("bank is down", { cause: new Error("no DNS") })];
    Sentry.captureException(new AggregateError(errors, "no way to pay"));
  },
  "leading-line-end": () => {
    Sentry.captureException(new KnownRequestError("\nUnique constraint failed on the fields: (`email`)"));
  },
  attachment: captureWithAttachment,
};

/**
 * Records the envelopes that the installed SDK sends, by the names of their fixtures. `session` is the first one.
 */
export async function captureEnvelopes(): Promise<ReadonlyMap<string, Uint8Array>> {
  const sent: Uint8Array[] = [];
  Sentry.init({
    dsn: "https://public@sentry.example/1",
    release: "shop@2.1.0",
    environment: "production",
    serverName: "web-1",
    transport: (options) =>
      Sentry.createTransport(options, async ({ body }) => {
        sent.push(typeof body === "string" ? new TextEncoder().encode(body) : new Uint8Array(body));
        return { statusCode: 200 };
      }),
  });
  const named = new Map<string, Uint8Array>();
  for (const [name, capture] of Object.entries(CAPTURES)) {
    const before = sent.length;
    capture();
    await Sentry.flush(2_000);
    const body = sent.slice(before).find((each) => new TextDecoder().decode(each).includes('\n{"type":"event"}\n'));
    if (body !== undefined) named.set(name, body);
  }
  await Sentry.close(2_000);
  const [first] = sent;
  return first === undefined ? named : named.set("session", first);
}
