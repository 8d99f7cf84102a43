const words = (text: string): string[] => text.trim().split(/\s+/u);

/** Functions through which crashes pass, and those in which every thread begins. Without leading underscores and arguments. */
export const TRAMPOLINES: ReadonlySet<string> = new Set([
  // The C library, on Linux, Android and Apple's systems.
  ...words(`
    kill killpg tkill tgkill raise gsignal abort abort_with_payload abort_with_reason terminate_with_payload
    pthread_kill pthread_kill_implementation pthread_kill_internal pthread_kill_other_threads_np
    GI_raise GI_abort libc_message libc_fatal malloc_printerr malloc_zone_error malloc_report malloc_vreport szone_error
    assert assert2 assert_fail assert_fail_base assert_perror_fail assert_rtn eprintf
    stack_chk_fail fortify_fail fortify_chk_fail chk_fail fortify_fatal abort_msg
    android_log_assert android_set_abort_message cfi_slowpath cfi_check_fail loader_cfi_fail
    sigtramp platform_sigtramp restore_rt kernel_rt_sigreturn kernel_sigreturn default_sa_restorer
  `),
  // C++ and Objective-C.
  ...words(`
    abort_message demangling_terminate_handler default_terminate_handler
    std::terminate std::__terminate std::unexpected std::rethrow_exception std::abort std::raise
    ZSt9terminatev ZSt10unexpectedv
    cxa_throw cxa_rethrow cxa_bad_cast cxa_bad_typeid cxa_pure_virtual cxa_deleted_virtual cxa_call_unexpected
    cxa_call_terminate cxa_throw_bad_array_new_length clang_call_terminate
    gxx_personality_v0 Unwind_RaiseException Unwind_Resume
    objc_exception_throw objc_exception_rethrow objc_terminate objc_fatal objc_fatalv
    exceptionPreprocess CFThrowFormattedException CFThrowFormattedExceptionWithUserInfo forwarding___ CF_forwarding_prep_0
    CF_forwarding_prep_1 NSThrowException
  `),
  // Swift, Rust and Go.
  ...words(`
    swift_runtime_on_report swift_unexpectedError swift_deletedMethodError
    rust_panic rust_start_panic rust_begin_unwind rust_end_short_backtrace rust_begin_short_backtrace rg_oom
    core::result::unwrap_failed core::option::expect_failed core::option::unwrap_failed core::cell::panic_already_borrowed
    alloc::alloc::handle_alloc_error std::process::abort std::intrinsics::abort core::intrinsics::abort
    runtime.raise runtime.raise.abi0 runtime.gopanic runtime.sigpanic runtime.throw runtime.fatalthrow runtime.fatalpanic
    runtime.panicmem runtime.dieFromSignal runtime.crash runtime.sigfwdgo runtime.sigtramp runtime.goexit runtime.main
  `),
  // Windows.
  ...words(`
    RaiseException RaiseFailFastException RtlRaiseException RtlRaiseStatus RtlFailFast RtlDispatchException
    RtlpExecuteHandlerForException RtlReportCriticalFailure RtlpReportHeapFailure RtlpHeapHandleError
    KiUserExceptionDispatch KiUserExceptionDispatcher KiRaiseUserExceptionDispatcher NtRaiseException ZwRaiseException
    NtTerminateProcess ZwTerminateProcess TerminateProcess UnhandledExceptionFilter WerpReportFault
    CxxThrowException CxxFrameHandler3 CxxFrameHandler4 CxxUnhandledExceptionFilter C_specific_handler
    invalid_parameter invalid_parameter_noinfo invalid_parameter_noinfo_noreturn invoke_watson call_reportfault
    fastfail report_gsfailure report_securityfailure report_rangecheckfailure purecall wassert
    DebugBreak debugbreak DbgBreakPoint
  `),
  // Libraries.
  ...words(`
    g_log g_logv g_log_default_handler g_log_structured_array g_error g_assertion_message g_assertion_message_expr
    qFatal qt_assert qt_assert_x qAbort QMessageLogger::fatal qt_message_fatal
    art::Runtime::Abort art::FaultManager::HandleFault art_sigsegv_fault
  `),
  // Where threads and programs begin.
  ...words(`
    libc_start_main libc_start_main_impl libc_start_call_main libc_init pthread_start pthread_body thread_start
    start_thread start_wqthread clone clone3 dyld_start
    BaseThreadInitThunk RtlUserThreadStart mainCRTStartup WinMainCRTStartup scrt_common_main scrt_common_main_seh invoke_main
  `),
]);

/** Families of such functions, and crash handlers of applications and SDKs. */
export const TRAMPOLINE_PATTERN = new RegExp(
  [
    "^(?:std::panicking|core::panicking|std::sys::backtrace|std::sys_common::backtrace|std::rt::lang_start|cxxabiv1)::",
    "^(?:panic_abort|panic_unwind|std::__throw_|ZN3std9panicking|ZN4core9panicking|ZN10__cxxabiv1)",
    "^gnu_cxx::_*verbose_terminate_handler",
    "^(?:ubsan|asan|msan|tsan|hwasan|sanitizer|scudo)(?:_|::)",
    "^(?:google_breakpad|crashpad)::",
    "^common_assert_to_",
    "^Swift runtime failure",
    "^\\$ss17_assertionFailure",
    "(?:^|\\.| )_*(?:assertionFailure|fatalErrorMessage|preconditionFailure|fatalError)$",
    "^[+-]\\[NSException raise",
    "^-\\[NSObject doesNotRecognizeSelector:",
    "^-\\[NSAssertionHandler handleFailureIn",
    "(?:^|::|_)(?:abort|terminate|signal|sig[a-z]{3,4}|crash|panic)_?handler$",
  ].join("|"),
  "iu",
);
