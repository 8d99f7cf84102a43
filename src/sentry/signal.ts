import { memberOf } from "./json-values.ts";

/** What an operating system says of a crash, as the type and value of an event. */
export interface Signal {
  readonly type: string;
  readonly value: string;
}

const MAX_NAME_LENGTH = 200;

/** Signals whose numbers are the same on Linux and on Apple's systems. */
const SIGNALS: Readonly<Record<string, string>> = {
  1: "SIGHUP",
  2: "SIGINT",
  3: "SIGQUIT",
  4: "SIGILL",
  5: "SIGTRAP",
  6: "SIGABRT",
  8: "SIGFPE",
  9: "SIGKILL",
  11: "SIGSEGV",
  13: "SIGPIPE",
  14: "SIGALRM",
  15: "SIGTERM",
};

const MACH_EXCEPTIONS: Readonly<Record<string, string>> = {
  1: "EXC_BAD_ACCESS",
  2: "EXC_BAD_INSTRUCTION",
  3: "EXC_ARITHMETIC",
  4: "EXC_EMULATION",
  5: "EXC_SOFTWARE",
  6: "EXC_BREAKPOINT",
  7: "EXC_SYSCALL",
  8: "EXC_MACH_SYSCALL",
  9: "EXC_RPC_ALERT",
  10: "EXC_CRASH",
  11: "EXC_RESOURCE",
  12: "EXC_GUARD",
};

/**
 * The signal, Mach exception or error number that an exception's mechanism names; else the kind of the mechanism. SDKs put it into
 * `meta`; older ones into `data`, or into the mechanism itself.
 */
export function readSignal(mechanism: unknown): Signal | undefined {
  for (const holder of [memberOf(mechanism, "meta"), memberOf(mechanism, "data"), mechanism]) {
    const signal = readPosixSignal(memberOf(holder, "signal") ?? memberOf(holder, "posix_signal"));
    const type = readMachException(memberOf(holder, "mach_exception")) ?? readErrorNumber(holder);
    const found = signal ?? (type === undefined ? undefined : { type, value: "" });
    if (found !== undefined) return found;
  }
  const kind = nameOf(memberOf(mechanism, "type"));
  return kind === undefined || kind === "generic" ? undefined : { type: kind, value: "" };
}

function readPosixSignal(signal: unknown): Signal | undefined {
  const number = nameOf(memberOf(signal, "number") ?? memberOf(signal, "signal") ?? signal);
  const type = nameOf(memberOf(signal, "name")) ?? nameByNumber(SIGNALS, number, "signal");
  return type === undefined ? undefined : { type, value: nameOf(memberOf(signal, "code_name")) ?? "" };
}

function readMachException(exception: unknown): string | undefined {
  const name = nameOf(memberOf(exception, "name") ?? memberOf(exception, "exception_name"));
  return name ?? nameByNumber(MACH_EXCEPTIONS, nameOf(memberOf(exception, "exception")), "Mach exception");
}

/** An `errno` of the C library, or the domain and code of an `NSError`. */
function readErrorNumber(holder: unknown): string | undefined {
  const errno = memberOf(holder, "errno");
  const name = nameOf(memberOf(errno, "name")) ?? nameByNumber({}, nameOf(memberOf(errno, "number")), "errno");
  if (name !== undefined) return name;
  const domain = nameOf(memberOf(memberOf(holder, "ns_error"), "domain"));
  return domain === undefined
    ? undefined
    : `${domain} ${nameOf(memberOf(memberOf(holder, "ns_error"), "code")) ?? ""}`.trim();
}

/** The name of a number; of an unknown one what it is, and the number. A name stays. */
function nameByNumber(
  names: Readonly<Record<string, string>>,
  number: string | undefined,
  what: string,
): string | undefined {
  if (number === undefined || !/^-?\d+$/u.test(number)) return number;
  return Object.hasOwn(names, number) ? names[number] : `${what} ${number}`;
}

function nameOf(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" && value.length <= MAX_NAME_LENGTH ? value : undefined;
}
