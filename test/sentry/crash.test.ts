import { describe, expect, test } from "vitest";
import { readSentryEvent } from "../../src/sentry/index.ts";

const read = (payload: unknown) => readSentryEvent(payload, { projectId: "shop", keepPayload: false });

/** The type and value of a native crash, as `type: value`. */
function crashOf(exception: object, frames: readonly unknown[] = [], platform?: string): string {
  const mechanism = { type: "signalhandler", synthetic: true, handled: false };
  const { type = "", value = "" } = read({
    ...(platform === undefined ? {} : { platform }),
    exception: { values: [{ mechanism, stacktrace: { frames }, ...exception }] },
  });
  return value === "" ? type : `${type}: ${value}`;
}

const SEGFAULT = { type: "SIGSEGV", value: "Segfault" };
const calls = (...names: readonly string[]) => names.map((name) => ({ function: name }));

describe("a native crash", () => {
  test.each(["native", "cocoa", "c", "objc", "other", undefined])(
    "on the platform %s has the function in which it crashed as its type",
    (platform) => {
      expect(crashOf(SEGFAULT, calls("main", "checkout", "Cart::total"), platform)).toBe("Cart::total");
    },
  );

  test.each([
    ["abort", "raise", "__pthread_kill"],
    ["abort", "pthread_kill", "__pthread_kill"],
    ["__GI_abort", "__GI_raise"],
    ["abort + 22", "raise+0xcb", "__pthread_kill_implementation"],
    ["libc.so.6!abort", "libsystem_kernel.dylib`__pthread_kill + 8"],
    ["__assert_fail", "__assert_fail_base.cold", "abort", "gsignal@@GLIBC_2.2.5", "pthread_kill@@GLIBC_2.34"],
    ["__assert_rtn", "abort", "pthread_kill"],
    ["__cxa_throw", "std::terminate()", "__cxxabiv1::__terminate(void (*)())", "abort_message", "abort"],
    ["_ZSt9terminatev", "__gnu_cxx::__verbose_terminate_handler()", "abort"],
    ["std::__throw_out_of_range_fmt(char const*, ...)", "__cxa_throw"],
    ["core::panicking::panic_fmt", "rust_begin_unwind", "std::panicking::begin_panic_handler::{{closure}}"],
    ["core::option::unwrap_failed::h0123456789abcdef", "core::panicking::panic", "rust_panic"],
    ["objc_exception_throw", "_objc_terminate()", "demangling_terminate_handler()", "std::__terminate(void (*)())"],
    ["-[NSObject(NSObject) doesNotRecognizeSelector:]", "___forwarding___", "__exceptionPreprocess"],
    ["+[NSException raise:format:]", "objc_exception_throw", "__pthread_kill"],
    ["Swift._assertionFailure(_: StaticString, _: String, file: StaticString)", "swift_runtime_on_report"],
    ["_assertionFailure(_:_:file:line:flags:)", "Swift runtime failure: unexpectedly found nil"],
    ["RaiseException", "KiUserExceptionDispatcher", "RtlDispatchException", "UnhandledExceptionFilter"],
    ["_CxxThrowException", "KERNELBASE.dll!RaiseException"],
    ["_invalid_parameter_noinfo", "_invoke_watson", "NtTerminateProcess"],
    ["_sigtramp", "tgkill", "art_sigsegv_fault", "__restore_rt"],
    ["malloc_printerr", "__libc_message", "abort"],
    ["signal_handler", "google_breakpad::ExceptionHandler::SignalHandler(int, siginfo_t*, void*)"],
    ["AbortHandler", "crash_handler", "sigabrt_handler", "base::SignalHandler"],
    ["<redacted>", "<unknown>", "?", "???", "<stripped>", "(unknown)"],
    ["0x7fff20401000", "00007ff6a1b2c3d4", "sub_1000", "FUN_00401000", "fcn.0040", "___lldb_unnamed_symbol12$$Shop"],
    ["libshop.so + 0x1234", "shop.exe!0x1234", "libc.so.6+1234", "_mh_execute_header"],
  ])("is not in the machinery of crashes, nor in stripped code: %s, ...", (...machinery) => {
    expect(crashOf(SEGFAULT, calls("main", "checkout", ...machinery))).toBe("checkout");
    const own = [{ function: "checkout" }, ...calls(...machinery).map((frame) => ({ ...frame, in_app: true }))];
    expect(crashOf(SEGFAULT, own)).toBe("checkout");
    expect(crashOf(SEGFAULT, calls(...machinery))).toBe("SIGSEGV: Segfault");
  });

  test.each([
    "checkout",
    "Shop::abort_order",
    "raise_price",
    "Player::kill",
    "kill_session",
    "panic_button_pressed",
    "handler",
    "SignalHandlers::install",
    "func_add",
    "facade",
    "deadbeef_pool",
    "sub_total",
    "-[Cart total:]",
    "+[NSExceptionReporter raiseTicket]",
    "Shop.Cart.total() -> Swift.Int",
    "<shop::Cart as core::ops::Drop>::drop",
    "(anonymous namespace)::checkout()",
    "operator()(int)",
    "Cart::operator!",
    "std::vector<int>::at",
  ])("may be in %s", (name) => {
    expect(crashOf(SEGFAULT, calls("main", name, "abort"))).toBe(name);
  });

  test("is not where threads and programs begin", () => {
    for (const names of [
      ["_start", "__libc_start_main@@GLIBC_2.34", "__libc_start_call_main", "<unknown>"],
      ["start", "?"],
      ["thread_start", "_pthread_start", "<redacted>"],
      ["clone3", "start_thread", "0x5601"],
      ["RtlUserThreadStart", "BaseThreadInitThunk", "__scrt_common_main_seh", "invoke_main", "0x7ff6"],
    ]) {
      expect(crashOf(SEGFAULT, calls(...names))).toBe("SIGSEGV: Segfault");
    }
    expect(crashOf(SEGFAULT, [{ function: "start", in_app: true }])).toBe("start");
  });

  test("is in the newest in-app frame that says where, even if newer ones of libraries do", () => {
    const own = ["main", "checkout", "<redacted>", "abort"].map((name) => ({ function: name, in_app: true }));
    expect(crashOf(SEGFAULT, [...own, { function: "memcpy", in_app: false }])).toBe("checkout");
  });

  test("is found in a long stack trace", () => {
    const deep = calls("main", "checkout", ...Array<string>(5_000).fill("abort"));
    expect(crashOf(SEGFAULT, deep)).toBe("checkout");
  });
});

describe("a native crash without symbols", () => {
  test("keeps its own type and value", () => {
    expect(crashOf({ type: "SIGABRT", value: "Abort" })).toBe("SIGABRT: Abort");
    expect(crashOf({ type: "EXC_BAD_ACCESS", value: "Attempted to dereference null pointer." }, [], "cocoa")).toBe(
      "EXC_BAD_ACCESS: Attempted to dereference null pointer.",
    );
    expect(crashOf({ type: "SIGBUS" })).toBe("SIGBUS");
    expect(crashOf({ type: "0xc0000005", value: "" })).toBe("0xc0000005");
  });

  const meta = (members: object, type = "") => ({ type, mechanism: { type: "mach", synthetic: true, meta: members } });

  test.each<[object, string]>([
    [meta({ signal: { number: 11, name: "SIGSEGV", code: 1, code_name: "SEGV_MAPERR" } }), "SIGSEGV: SEGV_MAPERR"],
    [meta({ signal: { number: 6 } }), "SIGABRT"],
    [meta({ signal: { number: 6 } }, "<unknown>"), "SIGABRT"],
    [meta({ signal: { number: 33 } }), "signal 33"],
    [meta({ signal: "SIGILL" }), "SIGILL"],
    [meta({ signal: 8 }), "SIGFPE"],
    [meta({ mach_exception: { exception: 1, code: 1, subcode: 0, name: "EXC_BAD_ACCESS" } }), "EXC_BAD_ACCESS"],
    [meta({ mach_exception: { exception: 10 } }), "EXC_CRASH"],
    [meta({ mach_exception: { exception: 99 } }), "Mach exception 99"],
    [meta({ mach_exception: { exception: 6 }, signal: { number: 5 } }), "SIGTRAP"],
    [meta({ errno: { number: 28, name: "ENOSPC" } }), "ENOSPC"],
    [meta({ errno: { number: 28 } }), "errno 28"],
    [meta({ ns_error: { domain: "NSCocoaErrorDomain", code: 513 } }), "NSCocoaErrorDomain 513"],
    [meta({}), "mach"],
    [{ mechanism: { synthetic: true, data: { signal: { name: "SIGTRAP" } } } }, "SIGTRAP"],
    [{ mechanism: { synthetic: true, posix_signal: { signal: 4, code_name: "ILL_ILLOPC" } } }, "SIGILL: ILL_ILLOPC"],
    [{ mechanism: { synthetic: true, mach_exception: { exception_name: "EXC_GUARD" } } }, "EXC_GUARD"],
    [{ ...meta({ signal: { number: 6, code_name: "SI_TKILL" } }), value: "Abort" }, "SIGABRT: Abort"],
    [{ mechanism: { type: "generic", synthetic: true } }, "<unknown>"],
    [{ mechanism: { synthetic: true, meta: { signal: { name: 7n }, errno: [], ns_error: {} } } }, "<unknown>"],
    [{ mechanism: { synthetic: true, meta: { signal: { name: "x".repeat(201) } } } }, "<unknown>"],
  ])("and without a type says its signal: %o", (exception, title) => {
    expect(crashOf(exception)).toBe(title);
  });

  test("and without anything but a text says that, if its platform is known", () => {
    const text = { type: undefined, value: "out of memory", mechanism: { synthetic: true } };
    expect(crashOf(text, [], "native")).toBe("Error: out of memory");
    expect(crashOf(text)).toBe("<unknown>");
  });
});

describe("a synthetic error of a language that has errors", () => {
  const frames = [
    { function: "render", in_app: true },
    { function: "t", in_app: true },
  ];

  test.each(["javascript", "node", "python", "php", "ruby", "java", "csharp", "dart", "go", "elixir"])(
    "keeps its type and text on the platform %s",
    (platform) => {
      expect(crashOf({ type: "Error", value: "the disk is full" }, frames, platform)).toBe("Error: the disk is full");
      expect(crashOf({ type: "UnhandledRejection", value: "" }, frames, platform)).toBe("UnhandledRejection");
    },
  );

  test("keeps them without frames too, as of Angular's HTTP client", () => {
    const failure = { type: "Error", value: "Http failure response for https://shop.example/api/cart: 404 Not Found" };
    expect(crashOf(failure, [], "javascript")).toBe(`Error: ${failure.value}`);
  });

  test("is an Error without a type, and has its function's name without a text too", () => {
    expect(crashOf({ value: "the disk is full" }, frames, "javascript")).toBe("Error: the disk is full");
    expect(crashOf({}, frames, "javascript")).toBe("t");
    expect(crashOf({ mechanism: { synthetic: true } }, [], "javascript")).toBe("<unknown>");
  });
});
